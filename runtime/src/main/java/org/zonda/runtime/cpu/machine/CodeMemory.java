package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

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
   * Pages by mmap(2), mprotect(2) and munmap(2) of the C library that the JVM itself has loaded.
   */
  static final class LinuxPages implements Pages {

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
        STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final MethodHandle mmap;
    private final MethodHandle mprotect;

    LinuxPages() throws RefusedException {
      mmap =
          function(
              "mmap",
              FunctionDescriptor.of(
                  JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
      mprotect =
          function("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    private static MethodHandle function(String name, FunctionDescriptor type)
        throws RefusedException {
      Linker linker = Linker.nativeLinker();
      SymbolLookup library = linker.defaultLookup();
      MemorySegment address =
          library
              .find(name)
              .orElseThrow(() -> new RefusedException("the C library has no function " + name));
      return linker.downcallHandle(address, type, Linker.Option.captureCallState("errno"));
    }

    @Override
    public MemorySegment reserve(long bytes) throws RefusedException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        long address =
            (long)
                mmap.invokeExact(
                    state,
                    MemorySegment.NULL,
                    bytes,
                    PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS,
                    -1,
                    0L);
        check(address != -1, "mmap of " + bytes + " bytes", state);
        return MemorySegment.ofAddress(address).reinterpret(bytes);
      } catch (RefusedException e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void makeExecutable(MemorySegment pages) throws RefusedException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        int result =
            (int) mprotect.invokeExact(state, pages, pages.byteSize(), PROT_READ | PROT_EXEC);
        check(result == 0, "mprotect to make code executable", state);
      } catch (RefusedException e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void release(MemorySegment pages) throws RefusedException {
      // Linked only here, since it takes time and is needed only where something was refused.
      MethodHandle munmap = function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        int result = (int) munmap.invokeExact(state, pages, pages.byteSize());
        check(result == 0, "munmap", state);
      } catch (RefusedException e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    private static void check(boolean good, String what, MemorySegment state)
        throws RefusedException {
      if (!good) {
        throw new RefusedException(
            "the system refused " + what + " (errno " + (int) ERRNO.get(state, 0L) + ")");
      }
    }
  }
}
