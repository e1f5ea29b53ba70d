package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import org.zonda.runtime.cpu.machine.Operand.Label;

/**
 * Rows of activations rounded to bfloat16, to the nearest, ties to even, for {@link TileProduct}.
 * Different rows may be written by different threads.
 */
public final class Bf16Rows {

  private static final int STEP = TileProduct.STEP;

  /**
   * Rows begin so many bytes after each other's end that they do not fight for the same cache
   * lines.
   */
  private static final int PADDING = 64;

  private static final class Function {
    static final MethodHandle ROUND =
        Product.link(
            "rounding to bfloat16",
            write(),
            FunctionDescriptor.ofVoid(
                ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
  }

  private MemorySegment memory = MemorySegment.NULL;
  private int rows;
  private int columns;

  /** Rows without memory. */
  public Bf16Rows() {}

  /**
   * Makes room; what the rows held is lost.
   *
   * @param rows how many
   * @param columns of each, a multiple of 32
   */
  public void resize(int rows, int columns) {
    if (columns % STEP != 0) {
      throw new IllegalArgumentException("columns: " + columns);
    }
    this.rows = rows;
    this.columns = columns;
    long bytes = rows * rowBytes();
    if (bytes > memory.byteSize()) {
      memory = Arena.ofAuto().allocate(bytes, 64);
    }
  }

  /**
   * Writes a row.
   *
   * @param row which
   * @param x holds the activations
   * @param offset index of the first
   */
  public void round(int row, float[] x, int offset) {
    Objects.checkIndex(row, rows);
    if (columns == 0) {
      return;
    }
    MemorySegment source = MemorySegment.ofArray(x).asSlice(4L * offset, 4L * columns);
    MemorySegment target = memory.asSlice(row * rowBytes(), 2L * columns);
    try {
      Function.ROUND.invokeExact(source, target, (long) columns / STEP);
    } catch (Throwable e) {
      throw Product.unexpected(e);
    }
  }

  /**
   * The memory of the rows, and perhaps more.
   *
   * @return the segment, another one after {@link #resize}
   */
  public MemorySegment segment() {
    return memory;
  }

  /**
   * Bytes from row to row.
   *
   * @return a multiple of 64
   */
  public long rowBytes() {
    return 2L * columns + PADDING;
  }

  /** {@code void(source, target, long steps)} of 32 numbers. */
  private static Assembler write() {
    Assembler a = new Assembler();
    Label loop = a.bind(a.label());
    a.emit(VMOVUPS, zmm(0), mem(RDI, 64));
    a.emit(VCVTNE2PS2BF16, zmm(0), zmm(0), mem(RDI));
    a.emit(VMOVDQU32, mem(RSI), zmm(0));
    a.emit(ADD, RDI, 128).emit(ADD, RSI, 64);
    a.emit(DEC, RDX).emit(JNE, loop);
    return a.emit(VZEROUPPER).emit(RET);
  }
}
