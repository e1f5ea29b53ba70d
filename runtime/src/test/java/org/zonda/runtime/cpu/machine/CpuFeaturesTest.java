package org.zonda.runtime.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CpuFeaturesTest {

  /** A processor by the registers that it answers with. */
  private static final class FakeCpu implements CpuFeatures.Cpuid {

    final Map<List<Integer>, int[]> leaves = new HashMap<>();
    long xcr0;

    /** With everything: as Sapphire Rapids. */
    FakeCpu() {
      set(0, 0, 0x20, 0, 0, 0);
      set(1, 0, 0, 0, 1 << 12 | 1 << 27 | 1 << 28 | 1 << 29, 0);
      set(
          7,
          0,
          1,
          1 << 5 | 1 << 16 | 1 << 17 | 1 << 30 | 1 << 31,
          1 << 1 | 1 << 11,
          1 << 22 | 1 << 24);
      set(7, 1, 1 << 4 | 1 << 5, 0, 0, 0);
      xcr0 = 0x600E7;
    }

    FakeCpu set(int leaf, int subleaf, int... registers) {
      leaves.put(List.of(leaf, subleaf), registers);
      return this;
    }

    FakeCpu without(int leaf, int subleaf, int register, int bit) {
      leaves.get(List.of(leaf, subleaf))[register] &= ~(1 << bit);
      return this;
    }

    @Override
    public int[] leaf(int leaf, int subleaf) {
      return leaves.getOrDefault(List.of(leaf, subleaf), new int[4]);
    }

    @Override
    public long xcr0() {
      assertThat(leaf(1, 0)[2] & 1 << 27).as("xgetbv faults without OSXSAVE").isNotZero();
      return xcr0;
    }

    InstructionSet best() {
      return CpuFeatures.of(this).best(InstructionSet.AVX512);
    }
  }

  @Test
  void findsWhatIsThere() {
    assertThat(CpuFeatures.of(new FakeCpu()))
        .isEqualTo(new CpuFeatures(true, true, true, true, true, true, true));
    assertThat(new FakeCpu().best()).isEqualTo(InstructionSet.AVX512);
  }

  @Test
  void everyPartIsNeeded() {
    for (int bit : new int[] {12, 27, 28, 29}) {
      assertThat(new FakeCpu().without(1, 0, 2, bit).best()).isEqualTo(InstructionSet.OFF);
    }
    assertThat(new FakeCpu().without(7, 0, 1, 5).best()).isEqualTo(InstructionSet.OFF);
    for (int bit : new int[] {16, 17, 30, 31}) {
      assertThat(new FakeCpu().without(7, 0, 1, bit).best()).isEqualTo(InstructionSet.AVX_VNNI);
    }
    assertThat(new FakeCpu().without(7, 0, 2, 11).best()).isEqualTo(InstructionSet.AVX_VNNI);
    assertThat(new FakeCpu().without(7, 0, 2, 11).without(7, 1, 0, 4).best())
        .isEqualTo(InstructionSet.AVX2);
    assertThat(new FakeCpu().without(7, 0, 2, 1).best()).isEqualTo(InstructionSet.AVX512);
  }

  @Test
  void theSystemMustKeepTheRegisters() {
    FakeCpu cpu = new FakeCpu();
    for (long lacking : new long[] {0x20, 0x40, 0x80}) {
      cpu.xcr0 = 0xE7 & ~lacking;
      assertThat(cpu.best()).isEqualTo(InstructionSet.AVX_VNNI);
    }
    for (long lacking : new long[] {0x20000, 0x40000}) {
      cpu.xcr0 = 0x600E7 & ~lacking;
      assertThat(CpuFeatures.of(cpu).amxBf16()).isFalse();
      assertThat(cpu.best()).isEqualTo(InstructionSet.AVX512);
    }
    cpu.xcr0 = 0xE3;
    assertThat(CpuFeatures.of(cpu)).isEqualTo(CpuFeatures.NONE);
  }

  @Test
  void oldProcessorsHaveNoSuchLeaves() {
    assertThat(CpuFeatures.of(new FakeCpu().set(0, 0, 6, 0, 0, 0))).isEqualTo(CpuFeatures.NONE);
    // AVX2 of 2013: leaf 7 has no part 1, whose answer would be another leaf's.
    assertThat(new FakeCpu().without(7, 0, 0, 0).without(7, 0, 2, 11).best())
        .isEqualTo(InstructionSet.AVX2);
  }

  @Test
  void isRestrictedToWhatIsAskedFor() {
    CpuFeatures all = CpuFeatures.of(new FakeCpu());
    for (InstructionSet set : InstructionSet.values()) {
      assertThat(all.best(set)).isEqualTo(set);
    }
    CpuFeatures iceLake = CpuFeatures.of(new FakeCpu().without(7, 1, 0, 4));
    assertThat(iceLake.best(InstructionSet.AVX_VNNI)).isEqualTo(InstructionSet.AVX2);
    assertThat(iceLake.best(InstructionSet.AVX512)).isEqualTo(InstructionSet.AVX512);
  }

  /** The kernel's own list of what this machine has. */
  @Test
  void agreesWithLinux() throws IOException {
    assumeTrue(
        MachineCode.instructionSet() != InstructionSet.OFF,
        () -> MachineCode.reason().orElseThrow());
    String line =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(text -> text.startsWith("flags"))
            .findFirst()
            .orElseThrow();
    Set<String> flags = Set.of(line.substring(line.indexOf(':') + 2).split(" "));
    CpuFeatures found = CpuFeatures.detected();
    assertThat(found.avx2()).isEqualTo(flags.containsAll(Set.of("avx2", "fma", "f16c")));
    assertThat(found.avxVnni()).isEqualTo(flags.contains("avx_vnni"));
    assertThat(found.avx512())
        .isEqualTo(flags.containsAll(Set.of("avx512f", "avx512bw", "avx512dq", "avx512vl")));
    assertThat(found.avx512Vnni()).isEqualTo(flags.contains("avx512_vnni"));
    assertThat(found.avx512Vbmi()).isEqualTo(flags.contains("avx512vbmi"));
    assertThat(found.amxBf16()).isEqualTo(flags.containsAll(Set.of("amx_tile", "amx_bf16")));
    assertThat(found.avx512Bf16()).isEqualTo(flags.contains("avx512_bf16"));
  }
}
