/**
 * Inner loops in machine code that Zonda writes itself, for x86-64 processors under Linux: what the
 * JIT has no way to say, such as {@code vpdpbusd} on bytes and prefetching. An {@link
 * org.zonda.runtime.cpu.machine.Assembler} makes the bytes, {@link
 * org.zonda.runtime.cpu.machine.MachineCode} installs and links them through the foreign function
 * API. There is no native library. Where any of it is not possible, a reason is kept and the
 * kernels in Java run as before.
 */
package org.zonda.runtime.cpu.machine;
