package org.zonda.runtime.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.zonda.runtime.cpu.machine.Registers.*;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.zonda.runtime.cpu.machine.Operand.Gpr;
import org.zonda.runtime.cpu.machine.Operand.Label;

final class AssemblerTest {

  /** What GNU as made of each case: assembly text to bytes. */
  private static Map<String, String> expected() throws IOException {
    try (InputStream in = AssemblerTest.class.getResourceAsStream("/machine/encodings.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t"))
          .collect(
              Collectors.toMap(
                  parts -> parts[0], parts -> parts[1], (a, b) -> a, LinkedHashMap::new));
    }
  }

  private static String hex(Assembler assembler) {
    return HexFormat.of().formatHex(assembler.code());
  }

  @Test
  void encodesEveryFormAsGnuAsDoes() throws IOException {
    Map<String, String> expected = expected();
    Map<String, EncodingCases.Case> cases = EncodingCases.all();
    assertThat(expected.keySet())
        .as("encodings.txt has the cases of EncodingCases; if not, run encodings.sh")
        .containsExactlyElementsOf(cases.keySet());
    List<String> wrong = new ArrayList<>();
    cases.forEach(
        (text, instruction) -> {
          Assembler assembler = new Assembler(EncodingCases.set(instruction.op()));
          assembler.emit(instruction.op(), instruction.operands().toArray(Operand[]::new));
          if (!hex(assembler).equals(expected.get(text))) {
            wrong.add(text + " is " + expected.get(text) + " but was " + hex(assembler));
          }
        });
    assertThat(wrong).isEmpty();
  }

  @Test
  void jumpsAreShortWhereTheyReachAndNearWhereTheyDoNot() {
    assertThat(hex(jumpOver(127))).startsWith("eb7f").endsWith("c3");
    assertThat(hex(jumpOver(128))).startsWith("e980000000").endsWith("c3");
    assertThat(hex(jumpBack(126))).endsWith("7580");
    assertThat(hex(jumpBack(127))).endsWith("0f857bffffff");
  }

  private static Assembler jumpOver(int bytes) {
    Assembler a = new Assembler();
    Label end = a.label();
    a.emit(Op.JMP, end).data(new byte[bytes]);
    a.bind(end);
    return a.emit(Op.RET);
  }

  private static Assembler jumpBack(int bytes) {
    Assembler a = new Assembler();
    Label start = a.bind(a.label());
    return a.data(new byte[bytes]).emit(Op.JNE, start);
  }

  /** One jump that becomes near pushes the target of another out of reach. */
  @Test
  void jumpsGrowTogether() {
    Assembler a = new Assembler();
    Label first = a.label();
    Label second = a.label();
    a.emit(Op.JE, first); // over 2 + 125 bytes, or 6 + 125 when the next is near
    a.emit(Op.JE, second);
    a.data(new byte[125]);
    a.bind(first);
    a.data(new byte[10]);
    a.bind(second);
    assertThat(hex(a)).startsWith("0f8483000000" + "0f8487000000" + "00");
  }

  /** As GNU as assembles the same lines. */
  @Test
  void labelsForwardAndBack() {
    Assembler a = new Assembler();
    Label loop = a.label();
    Label end = a.label();
    a.emit(Op.TEST, RAX, RAX).emit(Op.JE, end);
    a.bind(loop);
    a.emit(Op.DEC, RAX).emit(Op.JNE, loop);
    a.bind(end);
    a.emit(Op.RET);
    //   test rax, rax; je 1f; 0: dec rax; jne 0b; 1: ret
    assertThat(hex(a)).isEqualTo("4885c0" + "7405" + "48ffc8" + "75fb" + "c3");
  }

  @Test
  void constantsAreAddressedRelativeToTheEndOfTheInstruction() {
    Assembler a = new Assembler();
    Label constants = a.label();
    a.emit(Op.VPSHUFD, ymm(1), mem(constants), 0x4E);
    a.emit(Op.VMOVDQU, ymm(0), mem(constants).plus(32));
    a.emit(Op.RET);
    a.align(16);
    a.bind(constants);
    a.words(1, -2);
    //   vpshufd ymm1, [rip+c], 0x4e; vmovdqu ymm0, [rip+c+32]; ret; .align 16; c: .long 1, -2
    assertThat(hex(a))
        .isEqualTo(
            "c5fd700d170000004e"
                + "c5fe6f052f000000"
                + "c3"
                + "0f1f840000000000"
                + "660f1f440000"
                + "01000000feffffff");
  }

  @Test
  void fillsUpToEveryMultiple() {
    for (int before = 0; before < 64; before++) {
      Assembler a = new Assembler();
      a.data(new byte[before]);
      a.align(64).emit(Op.RET);
      assertThat(a.code()).hasSize(before == 0 ? 1 : 65).endsWith(0xC3);
    }
  }

  @Test
  void refusesWhatNoFormTakes() {
    Assembler a = new Assembler();
    refuses("no form of VPADDD takes [zmm1, ymm2, zmm3]", a, Op.VPADDD, zmm(1), ymm(2), zmm(3));
    refuses("no form of ADD takes [rax, ebx]", a, Op.ADD, RAX, EBX);
    refuses("no form of VPAND takes [xmm16", a, Op.VPAND, xmm(16), xmm(2), xmm(3));
    refuses("no form of VPAND takes [xmm1{k1}", a, Op.VPAND, xmm(1).masked(K1), xmm(2), xmm(3));
    refuses("no form of VPSHUFB takes", a, Op.VPSHUFB, zmm(1), zmm(2), mem(RDI).broadcast());
    refuses("no form of VINSERTI64X4 takes", a, Op.VINSERTI64X4, ymm(1), ymm(2), ymm(3));
    refuses("no form of VPADDD takes", a, Op.VPADDD, zmm(1), zmm(2), zmm(3).masked(K1));
    assertThatThrownBy(() -> a.emit(Op.SHL, RAX, 256)).hasMessageContaining("no form of SHL");
    assertThatThrownBy(() -> a.emit(Op.ADD, RAX, 1L << 31)).hasMessageContaining("no form of ADD");
    assertThat(a.code()).isEmpty();
  }

  private static void refuses(String message, Assembler a, Op op, Operand... operands) {
    assertThatThrownBy(() -> a.emit(op, operands))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesWhatTheInstructionSetLacks() {
    Assembler avx2 = new Assembler(InstructionSet.AVX2);
    refuses("not part of AVX2", avx2, Op.VPADDD, zmm(1), zmm(2), zmm(3));
    refuses("not part of AVX2", avx2, Op.VPDPBUSD, ymm(1), ymm(2), ymm(3));
    refuses("not part of AVX2", avx2, Op.VPDPBUSD_VEX, ymm(1), ymm(2), ymm(3));
    Assembler avx512 = new Assembler(InstructionSet.AVX512);
    refuses("not part of AVX512", avx512, Op.VPDPBUSD_VEX, ymm(1), ymm(2), ymm(3));
    assertThat(
            new Assembler(InstructionSet.AVX_VNNI)
                .emit(Op.VPDPBUSD_VEX, ymm(1), ymm(2), ymm(3))
                .code())
        .isNotEmpty();
  }

  @Test
  void refusesOperandsThatDoNotExist() {
    assertThatThrownBy(() -> zmm(32)).hasMessage("no such vector register: 32");
    assertThatThrownBy(() -> mem(RDI, RSP, 1, 0)).hasMessage("no such index: rsp");
    assertThatThrownBy(() -> mem(EAX)).hasMessage("no such base: eax");
    assertThatThrownBy(() -> mem(RDI, RSI, 3, 0)).hasMessage("no such scale: 3");
    assertThatThrownBy(() -> new Gpr(16, 64)).hasMessage("no such general register: 16");
    assertThatThrownBy(() -> zmm(1).masked(K0)).hasMessage("no such mask: 0");
  }

  @Test
  void labelsAreBoundOnce() {
    Assembler a = new Assembler();
    Label label = a.label();
    a.emit(Op.JMP, label);
    assertThatThrownBy(a::code).isInstanceOf(IllegalStateException.class);
    a.bind(label);
    assertThat(hex(a)).isEqualTo("eb00");
    assertThatThrownBy(() -> a.bind(label)).isInstanceOf(IllegalArgumentException.class);
  }
}
