package org.zonda.tornado.simulator;

import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;

/**
 * Code that can stop in the middle and be resumed, on the thread that resumes it. It rests on what
 * the JDK makes virtual threads of, since a group's items as threads would be far too slow.
 */
final class Coroutine {
  private static final String FLAG = "--add-exports java.base/jdk.internal.vm=ALL-UNNAMED";

  private final Continuation continuation;

  Coroutine(Runnable body) {
    try {
      continuation = new Continuation(Scope.ITEMS, body);
    } catch (IllegalAccessError e) {
      throw new TornadoRuntimeException(
          "the simulator runs kernels with barriers only where the JVM is started with "
              + FLAG
              + " (in the manifest of a runnable jar: Add-Exports: java.base/jdk.internal.vm)");
    }
  }

  /** Goes on until the body pauses or ends. */
  void resume() {
    continuation.run();
  }

  /** Stops the coroutine that runs now; returns when it is resumed. */
  static void pause() {
    if (!Continuation.yield(Scope.ITEMS)) {
      throw new IllegalStateException("a work-item cannot wait here");
    }
  }

  /** Apart, so that the scope is made only where the flag is there. */
  private static final class Scope {
    static final ContinuationScope ITEMS = new ContinuationScope("work-items");
  }
}
