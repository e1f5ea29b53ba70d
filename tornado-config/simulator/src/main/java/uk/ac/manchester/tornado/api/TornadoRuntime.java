package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** The runtime: its backends and their devices. */
public interface TornadoRuntime {

  /** A backend by number. */
  TornadoBackend getBackend(int index);

  /** Sets the backend used where none is named. */
  void setDefaultBackend(int index);

  /** What a backend compiles kernels to. */
  TornadoVMBackendType getBackendType(int index);

  /** The number of backends. */
  int getNumBackends();

  /** The device used where none is named. */
  TornadoDevice getDefaultDevice();
}
