package uk.ac.manchester.tornado.api.runtime;

import org.zonda.tornado.simulator.SimulatedRuntime;
import uk.ac.manchester.tornado.api.TornadoRuntime;

/** Where the runtime is had from. */
public class TornadoRuntimeProvider {

  /** All methods are static. */
  public TornadoRuntimeProvider() {}

  /** The runtime. */
  public static TornadoRuntime getTornadoRuntime() {
    return SimulatedRuntime.INSTANCE;
  }
}
