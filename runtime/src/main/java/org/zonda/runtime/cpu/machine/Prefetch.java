package org.zonda.runtime.cpu.machine;

import static org.zonda.runtime.cpu.machine.Op.*;
import static org.zonda.runtime.cpu.machine.Registers.*;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.zonda.runtime.cpu.machine.Operand.Label;

/**
 * Asks for memory that will be read soon. The processor guesses by itself what follows, but not
 * when short pieces of many rows are read in turn.
 */
public final class Prefetch {

  private static final int LINE = 64;

  private static final class Function {
    static final MethodHandle ROWS =
        Product.link(
            "prefetching",
            write(),
            FunctionDescriptor.ofVoid(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG));
  }

  private Prefetch() {}

  /**
   * Asks for a piece of several rows.
   *
   * @param memory native memory that holds them
   * @param offset of the first piece
   * @param distance from row to row
   * @param bytes of each piece
   * @param rows how many
   */
  public static void rows(MemorySegment memory, long offset, long distance, long bytes, int rows) {
    if (rows <= 0 || bytes <= 0) {
      return;
    }
    long first = memory.address() + offset;
    try {
      // Nothing is read but into the caches, and no address is wrong.
      Function.ROWS.invokeExact(first, distance, bytes / LINE + 1, (long) rows);
    } catch (Throwable e) {
      throw Product.unexpected(e);
    }
  }

  /** {@code void(long first, long distance, long lines, long rows)}. */
  private static Assembler write() {
    Assembler a = new Assembler(InstructionSet.AVX2);
    Label row = a.bind(a.label());
    a.emit(MOV, RAX, RDI).emit(MOV, R8, RDX);
    Label line = a.bind(a.label());
    a.emit(PREFETCHT0, mem(RAX)).emit(ADD, RAX, LINE);
    a.emit(DEC, R8).emit(JNE, line);
    a.emit(ADD, RDI, RSI);
    a.emit(DEC, RCX).emit(JNE, row);
    return a.emit(RET);
  }
}
