package org.zonda.tornado.simulator;

import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;

/**
 * A kernel broke a rule of the device. The message is one line that names the rule, the kernel with
 * its line, and where they matter the work-item, the array and the index, and the other access of a
 * race. Nothing has been copied back to the host.
 */
public final class KernelFault extends TornadoRuntimeException {
  private static final long serialVersionUID = 1L;

  private final FaultKind kind;

  KernelFault(FaultKind kind, String where, String what) {
    super(kind + ": " + where + ": " + what);
    this.kind = kind;
  }

  /** The rule that was broken. */
  public FaultKind kind() {
    return kind;
  }
}
