package org.zonda.runtime.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Memory between two pages that cannot be read, so that a read past its ends is a fault. */
final class GuardedMemory implements AutoCloseable {

  private static final long PAGE = 4096;
  private static final int READ_WRITE = 3;
  private static final int PRIVATE_ANONYMOUS = 0x22;

  private final MemorySegment all;
  private final MemorySegment open;

  GuardedMemory(long bytes) {
    long size = (bytes + PAGE - 1) / PAGE * PAGE;
    all = map(size + 2 * PAGE);
    open = all.asSlice(PAGE, size);
    protect(open, READ_WRITE);
  }

  /** The last bytes before the page that cannot be read. */
  MemorySegment last(long bytes) {
    return open.asSlice(open.byteSize() - bytes, bytes);
  }

  /** The first bytes after the page that cannot be read. */
  MemorySegment first(long bytes) {
    return open.asSlice(0, bytes);
  }

  private static MemorySegment map(long bytes) {
    try {
      MethodHandle mmap =
          function(
              "mmap",
              FunctionDescriptor.of(
                  JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
      long address =
          (long) mmap.invokeExact(MemorySegment.NULL, bytes, 0, PRIVATE_ANONYMOUS, -1, 0L);
      if (address == -1) {
        throw new IllegalStateException("mmap of " + bytes + " bytes failed");
      }
      return MemorySegment.ofAddress(address).reinterpret(bytes);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static void protect(MemorySegment memory, int mode) {
    try {
      MethodHandle protect =
          function("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
      if ((int) protect.invokeExact(memory, memory.byteSize(), mode) != 0) {
        throw new IllegalStateException("mprotect failed");
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }

  @Override
  public void close() {
    try {
      MethodHandle unmap = function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
      if ((int) unmap.invokeExact(all, all.byteSize()) != 0) {
        throw new IllegalStateException("munmap failed");
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
