package org.zonda.bench.lab;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import org.zonda.kernels.Kernel;

/**
 * Loads classes from memory. Their class files can be read as resources too, which is how the
 * simulator and TornadoVM look at a kernel's code.
 */
final class MemoryLoader extends ClassLoader {

  private static final String CLASS = ".class";

  private final Map<String, byte[]> classes;

  /**
   * @param classes class files by the names of their classes
   */
  MemoryLoader(Map<String, byte[]> classes) {
    super(Kernel.class.getClassLoader());
    this.classes = classes;
  }

  /** The class files. */
  Map<String, byte[]> classes() {
    return classes;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = classes.get(name);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  @Override
  public InputStream getResourceAsStream(String name) {
    if (name.endsWith(CLASS)) {
      String type = name.substring(0, name.length() - CLASS.length()).replace('/', '.');
      byte[] bytes = classes.get(type);
      if (bytes != null) {
        return new ByteArrayInputStream(bytes);
      }
    }
    return super.getResourceAsStream(name);
  }
}
