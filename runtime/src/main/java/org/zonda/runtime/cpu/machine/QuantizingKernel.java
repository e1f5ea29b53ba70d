package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.zonda.runtime.cpu.machine.Operand.Label;
import org.zonda.runtime.cpu.machine.Operand.Vec;

/**
 * Rounds a row for {@link QuantizedRows}. It needs AVX2 only: 256 bits suit a block of 32 bytes,
 * and the row is read once for a whole matrix.
 */
final class QuantizingKernel {

  private static final int BLOCK = QuantizedRows.BLOCK;
  private static final float LARGEST = 127;

  /** The kernel; null where there is no machine code. */
  private static final MethodHandle QUANTIZE =
      MachineCode.link(
              "quantizing",
              assemble(),
              FunctionDescriptor.ofVoid(
                  ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                  JAVA_LONG, JAVA_LONG))
          .orElse(null);

  private QuantizingKernel() {}

  /**
   * Rounds a row.
   *
   * @param x holds it
   * @param xOffset index of the first activation
   * @param columns a multiple of 32
   * @param target receives the row
   * @param offset of the row in bytes
   */
  static void quantize(float[] x, int xOffset, int columns, MemorySegment target, long offset) {
    if (QUANTIZE == null) {
      plain(x, xOffset, columns, target, offset);
      return;
    }
    MemorySegment row =
        target.asSlice(offset, QuantizedRows.excess16Offset(columns) + columns / BLOCK * 8L);
    MemorySegment source =
        MemorySegment.ofArray(x)
            .asSlice((long) xOffset * Float.BYTES, (long) columns * Float.BYTES);
    try {
      QUANTIZE.invokeExact(
          source,
          row,
          QuantizedRows.scaleOffset(columns),
          QuantizedRows.sumOffset(columns),
          QuantizedRows.sum32Offset(columns),
          QuantizedRows.sum16Offset(columns),
          (long) (columns / BLOCK),
          QuantizedRows.excess32Offset(columns),
          QuantizedRows.excess16Offset(columns));
    } catch (Throwable e) {
      throw Product.unexpected(e);
    }
  }

  /** The same in Java: what the kernel must give, bit for bit. */
  static void plain(float[] x, int xOffset, int columns, MemorySegment target, long offset) {
    for (int b = 0; b < columns / BLOCK; b++) {
      int first = xOffset + b * BLOCK;
      float most = 0;
      for (int i = 0; i < BLOCK; i++) {
        most = Math.max(most, Math.abs(x[first + i])); // NaN if any is
      }
      boolean regular = most > QuantizedRows.TINY && most <= Float.MAX_VALUE;
      float scale = most / LARGEST;
      float inverse = LARGEST / most;
      int[] sums = new int[2];
      for (int i = 0; i < BLOCK; i++) {
        int q = regular ? (int) Math.rint(x[first + i] * inverse) : 0;
        target.set(JAVA_BYTE, offset + b * BLOCK + i, (byte) q);
        sums[i / 16] += q;
      }
      int sum = sums[0] + sums[1];
      target.setAtIndex(JAVA_FLOAT, index(offset, QuantizedRows.scaleOffset(columns), b), scale);
      target.setAtIndex(JAVA_INT, index(offset, QuantizedRows.sumOffset(columns), b), sum);
      target.setAtIndex(
          JAVA_FLOAT, index(offset, QuantizedRows.sum32Offset(columns), b), scale * sum);
      target.setAtIndex(
          JAVA_INT, index(offset, QuantizedRows.excess32Offset(columns), b), -128 * sum);
      for (int h = 0; h < 2; h++) {
        target.setAtIndex(
            JAVA_FLOAT,
            index(offset, QuantizedRows.sum16Offset(columns), 2 * b + h),
            scale * sums[h]);
        target.setAtIndex(
            JAVA_INT,
            index(offset, QuantizedRows.excess16Offset(columns), 2 * b + h),
            -128 * sums[h]);
      }
    }
  }

  private static long index(long offset, long part, int element) {
    return (offset + part) / 4 + element;
  }

  /**
   * {@code (x, row, scaleOffset, sumOffset, sum32Offset, sum16Offset, blocks, excess32Offset,
   * excess16Offset)}.
   */
  private static Assembler assemble() {
    Assembler a = new Assembler(InstructionSet.AVX2);
    Label constants = a.label();
    Label loop = a.label();
    Label end = a.label();
    Vec magnitude = ymm(15);
    Vec largest = ymm(14);
    Vec order = ymm(13);
    Vec byteOnes = ymm(12);
    Vec wordOnes = ymm(11);
    Vec tiny = ymm(10);
    Vec infinity = ymm(9);

    a.emit(MOV, RAX, mem(RSP, 8)).emit(MOV, R10, mem(RSP, 16)).emit(MOV, R11, mem(RSP, 24));
    a.emit(ADD, R10, RSI).emit(ADD, R11, RSI);
    a.emit(ADD, RDX, RSI).emit(ADD, RCX, RSI).emit(ADD, R8, RSI).emit(ADD, R9, RSI);
    a.emit(VMOVDQU, order, mem(constants));
    a.emit(VPBROADCASTD, magnitude, mem(constants).plus(32));
    a.emit(VPBROADCASTD, largest, mem(constants).plus(36));
    a.emit(VPBROADCASTD, byteOnes, mem(constants).plus(40));
    a.emit(VPBROADCASTD, wordOnes, mem(constants).plus(44));
    a.emit(VPBROADCASTD, tiny, mem(constants).plus(48));
    a.emit(VPBROADCASTD, infinity, mem(constants).plus(52));
    a.emit(TEST, RAX, RAX).emit(JE, end);

    a.align(32);
    a.bind(loop);
    // The largest magnitude, compared as whole numbers: in that order NaN is above infinity.
    for (int i = 0; i < 4; i++) {
      a.emit(VMOVUPS, ymm(i), mem(RDI, 32 * i));
      a.emit(VANDPS, ymm(4 + i), ymm(i), magnitude);
    }
    a.emit(VPMAXSD, ymm(4), ymm(4), ymm(5));
    a.emit(VPMAXSD, ymm(6), ymm(6), ymm(7));
    a.emit(VPMAXSD, ymm(4), ymm(4), ymm(6));
    a.emit(VEXTRACTI128, xmm(5), ymm(4), 1);
    a.emit(VPMAXSD, xmm(4), xmm(4), xmm(5));
    a.emit(VPSHUFD, xmm(5), xmm(4), 0b01_00_11_10);
    a.emit(VPMAXSD, xmm(4), xmm(4), xmm(5));
    a.emit(VPSHUFD, xmm(5), xmm(4), 0b10_11_00_01);
    a.emit(VPMAXSD, xmm(4), xmm(4), xmm(5));

    a.emit(VDIVPS, xmm(6), xmm(4), largest.as(128));
    a.emit(VDIVPS, xmm(5), largest.as(128), xmm(4));
    a.emit(VMOVSS, mem(RDX), xmm(6));
    // All bits where the block is neither tiny nor infinite nor NaN.
    a.emit(VPCMPGTD, xmm(7), xmm(4), tiny.as(128));
    a.emit(VPCMPGTD, xmm(8), infinity.as(128), xmm(4));
    a.emit(VPAND, xmm(7), xmm(7), xmm(8));
    a.emit(VBROADCASTSS, ymm(5), xmm(5));
    a.emit(VPBROADCASTD, ymm(7), xmm(7));

    for (int i = 0; i < 4; i++) {
      a.emit(VMULPS, ymm(i), ymm(i), ymm(5));
      a.emit(VCVTPS2DQ, ymm(i), ymm(i));
    }
    // Packing works within 128 bits; the groups of four are put in order afterwards.
    a.emit(VPACKSSDW, ymm(0), ymm(0), ymm(1));
    a.emit(VPACKSSDW, ymm(2), ymm(2), ymm(3));
    a.emit(VPACKSSWB, ymm(0), ymm(0), ymm(2));
    a.emit(VPERMD, ymm(0), order, ymm(0));
    a.emit(VPAND, ymm(0), ymm(0), ymm(7));
    a.emit(VMOVDQU, mem(RSI), ymm(0));

    // The sums: of 16 columns in each half.
    a.emit(VPMADDUBSW, ymm(1), byteOnes, ymm(0));
    a.emit(VPMADDWD, ymm(1), ymm(1), wordOnes);
    a.emit(VPHADDD, ymm(1), ymm(1), ymm(1));
    a.emit(VPHADDD, ymm(1), ymm(1), ymm(1));
    a.emit(VEXTRACTI128, xmm(2), ymm(1), 1);
    a.emit(VPADDD, xmm(3), xmm(1), xmm(2));
    a.emit(VMOVD, mem(RCX), xmm(3));
    a.emit(VPXOR, xmm(4), xmm(4), xmm(4));
    a.emit(VPSLLD, xmm(5), xmm(3), 7).emit(VPSUBD, xmm(5), xmm(4), xmm(5));
    a.emit(VMOVD, mem(R10), xmm(5));
    a.emit(VCVTDQ2PS, xmm(3), xmm(3));
    a.emit(VMULPS, xmm(3), xmm(3), xmm(6));
    a.emit(VMOVSS, mem(R8), xmm(3));
    a.emit(VPUNPCKLDQ, xmm(1), xmm(1), xmm(2));
    a.emit(VPSLLD, xmm(5), xmm(1), 7).emit(VPSUBD, xmm(5), xmm(4), xmm(5));
    a.emit(VMOVQ, mem(R11), xmm(5));
    a.emit(VCVTDQ2PS, xmm(1), xmm(1));
    a.emit(VMULPS, xmm(1), xmm(1), xmm(6));
    a.emit(VMOVQ, mem(R9), xmm(1));

    a.emit(ADD, RDI, 128).emit(ADD, RSI, 32).emit(ADD, RDX, 4);
    a.emit(ADD, RCX, 4).emit(ADD, R8, 4).emit(ADD, R9, 8);
    a.emit(ADD, R10, 4).emit(ADD, R11, 8);
    a.emit(DEC, RAX).emit(JNE, loop);
    a.bind(end);
    a.emit(VZEROUPPER).emit(RET);

    a.align(32);
    a.bind(constants);
    a.words(0, 4, 1, 5, 2, 6, 3, 7);
    a.words(
        0x7FFFFFFF,
        Float.floatToRawIntBits(LARGEST),
        0x01010101,
        0x00010001,
        Float.floatToRawIntBits(QuantizedRows.TINY),
        Float.floatToRawIntBits(Float.POSITIVE_INFINITY));
    return a;
  }
}
