package org.zonda.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.zonda.runtime.cpu.machine.Op.DEC;
import static org.zonda.runtime.cpu.machine.Op.JNE;
import static org.zonda.runtime.cpu.machine.Op.LDTILECFG;
import static org.zonda.runtime.cpu.machine.Op.MOV;
import static org.zonda.runtime.cpu.machine.Op.RET;
import static org.zonda.runtime.cpu.machine.Op.TDPBF16PS;
import static org.zonda.runtime.cpu.machine.Op.TILELOADD;
import static org.zonda.runtime.cpu.machine.Op.TILERELEASE;
import static org.zonda.runtime.cpu.machine.Op.TILESTORED;
import static org.zonda.runtime.cpu.machine.Registers.RDI;
import static org.zonda.runtime.cpu.machine.Registers.RDX;
import static org.zonda.runtime.cpu.machine.Registers.RSI;
import static org.zonda.runtime.cpu.machine.Registers.mem;
import static org.zonda.runtime.cpu.machine.Registers.tmm;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.zonda.runtime.cpu.machine.Amx;
import org.zonda.runtime.cpu.machine.Assembler;
import org.zonda.runtime.cpu.machine.MachineCode;
import org.zonda.runtime.cpu.machine.Operand.Label;

/**
 * Multiply-adds of bfloat16 in tile registers alone, by machine code: {@code tdpbf16ps} multiplies
 * 16 rows of 32 numbers with 16 columns of as many. Products of matrices with many rows consist of
 * it where the processor has AMX.
 */
final class TileLoop {

  /** Tiles of sums, as many as hide the latency beside two times two tiles of factors. */
  private static final int CHAINS = 4;

  /** Some 30 microseconds: garbage collection waits for a call to end. */
  private static final int STEPS = 1 << 10;

  private static final int TILES = 8;
  private static final int ROWS = 16;
  private static final int ROW_BYTES = 64;
  private static final int TILE_BYTES = ROWS * ROW_BYTES;
  private static final int DEPTH = ROW_BYTES / Short.BYTES;
  private static final long MULTIPLY_ADDS = (long) ROWS * ROWS * DEPTH;
  private static final short ONE = 0x3f80;

  // The memory: the shapes of the tiles, a tile of ones, one of zeros, and the sums.
  private static final int SHAPES_BYTES = 64;
  private static final int ZEROS = SHAPES_BYTES + TILE_BYTES;
  private static final int SUMS = ZEROS + TILE_BYTES;

  private final MethodHandle loop;

  private TileLoop(MethodHandle loop) {
    this.loop = loop;
  }

  /**
   * The loop.
   *
   * @return empty where the processor has no such tiles, or machine code cannot run
   */
  static Optional<TileLoop> find() {
    return Amx.isAvailable()
        ? MachineCode.link(
                "the peak of multiply-adds in tiles",
                code(),
                FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG))
            .map(TileLoop::new)
        : Optional.empty();
  }

  /** Takes the memory and the number of steps. */
  private static Assembler code() {
    Assembler a = new Assembler();
    a.emit(LDTILECFG, mem(RDI)).emit(MOV, RDX, (long) ROW_BYTES);
    for (int i = 0; i < CHAINS; i++) {
      a.emit(TILELOADD, tmm(i), mem(RDI, RDX, 1, ZEROS));
      a.emit(TILELOADD, tmm(CHAINS + i), mem(RDI, RDX, 1, SHAPES_BYTES));
    }
    Label step = a.label();
    a.bind(step);
    for (int i = 0; i < CHAINS; i++) {
      a.emit(TDPBF16PS, tmm(i), tmm(CHAINS + i / 2), tmm(CHAINS + 2 + i % 2));
    }
    a.emit(DEC, RSI).emit(JNE, step);
    for (int i = 0; i < CHAINS; i++) {
      a.emit(TILESTORED, mem(RDI, RDX, 1, SUMS + i * TILE_BYTES), tmm(i));
    }
    return a.emit(TILERELEASE).emit(RET);
  }

  private static MemorySegment memory(Arena arena) {
    MemorySegment memory = arena.allocate(SUMS + CHAINS * TILE_BYTES, ROW_BYTES);
    memory.set(JAVA_BYTE, 0, (byte) 1); // the only palette
    for (int tile = 0; tile < TILES; tile++) {
      memory.set(JAVA_SHORT, 16 + Short.BYTES * tile, (short) ROW_BYTES);
      memory.set(JAVA_BYTE, 48 + tile, (byte) ROWS);
    }
    for (int at = SHAPES_BYTES; at < ZEROS; at += Short.BYTES) {
      memory.set(JAVA_SHORT, at, ONE);
    }
    return memory;
  }

  String description() {
    return "tiles of bfloat16 (AMX), machine code";
  }

  /**
   * Multiplies and adds; see {@link ComputePeak.Work}.
   *
   * @throws IllegalStateException if it came to something else than it should
   */
  double multiplyAdds(long nanos) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = memory(arena);
      long start = System.nanoTime();
      long done = 0;
      long taken;
      do {
        done += some(memory);
        taken = System.nanoTime() - start;
      } while (taken < nanos);
      return done * 1e9 / taken;
    }
  }

  private long some(MemorySegment memory) {
    try {
      loop.invokeExact(memory, (long) STEPS);
    } catch (Throwable e) {
      throw new IllegalStateException("machine code throws nothing", e);
    }
    for (int i = 0; i < CHAINS; i++) {
      float sum = memory.get(JAVA_FLOAT, SUMS + i * TILE_BYTES);
      if (sum != STEPS * DEPTH) {
        throw new IllegalStateException("the multiply-adds came to " + sum);
      }
    }
    return STEPS * CHAINS * MULTIPLY_ADDS;
  }
}
