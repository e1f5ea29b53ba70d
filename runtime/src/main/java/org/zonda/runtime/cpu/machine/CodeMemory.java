package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Memory for code, from Linux: pages that are first written and then made executable, never both at
 * once. They stay as long as the process.
 */
final class CodeMemory {

  /** What the operating system has refused, as one line. */
  static final class RefusedException extends Exception {
    RefusedException(String message) {
      super(message);
    }
  }

  /** The two things that are asked of the operating system. */
  interface Pages {
    /** Fresh pages that can be written. */
    MemorySegment reserve(long bytes) throws RefusedException;

    /** Makes pages readable and executable, and no longer writable. */
    void makeExecutable(MemorySegment pages) throws RefusedException;

    /** Gives pages back. */
    void release(MemorySegment pages) throws RefusedException;
  }

  private CodeMemory() {}

  /**
   * Puts code where it can be called.
   *
   * @param pages where the memory comes from
   * @param code position-independent code
   * @return its address
   * @throws RefusedException if the system does not allow it
   */
  static MemorySegment install(Pages pages, byte[] code) throws RefusedException {
    MemorySegment memory = pages.reserve(code.length);
    MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, 0, code.length);
    try {
      pages.makeExecutable(memory);
    } catch (RefusedException e) {
      pages.release(memory);
      throw e;
    }
    return memory;
  }

  /**
   * Pages by mmap, mprotect and munmap. All through syscall(2) of the C library that the JVM itself
   * has loaded: one function is linked for the three, which takes milliseconds.
   */
  static final class LinuxPages implements Pages {

    private static final long SYS_MMAP = 9;
    private static final long SYS_MPROTECT = 10;
    private static final long SYS_MUNMAP = 11;

    private static final long PROT_READ = 1;
    private static final long PROT_WRITE = 2;
    private static final long PROT_EXEC = 4;
    private static final long MAP_PRIVATE = 2;
    private static final long MAP_ANONYMOUS = 0x20;
    private static final long NO_FILE = -1;

    /** The number of the call and six arguments. */
    private static final FunctionDescriptor SYSCALL =
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final StructLayout STATE = Linker.Option.captureStateLayout();

    private final MethodHandle syscall;

    LinuxPages() throws RefusedException {
      Linker linker = Linker.nativeLinker();
      MemorySegment address =
          linker
              .defaultLookup()
              .find("syscall")
              .orElseThrow(() -> new RefusedException("the C library has no function syscall"));
      syscall =
          linker.downcallHandle(
              address,
              SYSCALL,
              Linker.Option.firstVariadicArg(1),
              Linker.Option.captureCallState("errno"));
    }

    @Override
    public MemorySegment reserve(long bytes) throws RefusedException {
      long protection = PROT_READ | PROT_WRITE;
      long flags = MAP_PRIVATE | MAP_ANONYMOUS;
      String what = "mmap of " + bytes + " bytes";
      long address = call(what, SYS_MMAP, 0, bytes, protection, flags, NO_FILE);
      return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @Override
    public void makeExecutable(MemorySegment pages) throws RefusedException {
      long protection = PROT_READ | PROT_EXEC;
      String what = "mprotect to make code executable";
      call(what, SYS_MPROTECT, pages.address(), pages.byteSize(), protection, 0, 0);
    }

    @Override
    public void release(MemorySegment pages) throws RefusedException {
      call("munmap", SYS_MUNMAP, pages.address(), pages.byteSize(), 0, 0, 0);
    }

    /** A system call whose sixth argument is zero. */
    private long call(String what, long number, long a, long b, long c, long d, long e)
        throws RefusedException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        long result = (long) syscall.invokeExact(state, number, a, b, c, d, e, 0L);
        if (result == -1) {
          int errno = state.get(JAVA_INT, STATE.byteOffset(PathElement.groupElement("errno")));
          throw new RefusedException("the system refused " + what + " (errno " + errno + ")");
        }
        return result;
      } catch (RefusedException refused) {
        throw refused;
      } catch (Throwable other) {
        throw new AssertionError(other);
      }
    }
  }
}
