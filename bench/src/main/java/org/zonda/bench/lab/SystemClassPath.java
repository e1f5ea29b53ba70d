package org.zonda.bench.lab;

import java.io.IOException;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.zonda.model.ZondaException;

/**
 * The class path of the running JVM. TornadoVM 5.2 looks for a kernel's class file there and
 * nowhere else, so a user's classes have to be added to it; which the JDK does for agents only.
 */
final class SystemClassPath {

  private static final String FLAG = "--add-opens java.base/jdk.internal.loader=ALL-UNNAMED";

  private SystemClassPath() {}

  /**
   * Adds classes, unless they are there.
   *
   * @throws ZondaException if that is not allowed
   */
  static void add(Map<String, byte[]> classes) {
    boolean there =
        classes.keySet().stream()
            .allMatch(
                name -> ClassLoader.getSystemResource(name.replace('.', '/') + ".class") != null);
    if (there) {
      return;
    }
    try {
      Path jar = Files.createTempFile("zonda-kernels", ".jar");
      jar.toFile().deleteOnExit();
      write(jar, classes);
      ClassLoader loader = ClassLoader.getSystemClassLoader();
      Method append =
          loader.getClass().getDeclaredMethod("appendToClassPathForInstrumentation", String.class);
      append.setAccessible(true);
      append.invoke(loader, jar.toString());
    } catch (IOException e) {
      throw new ZondaException("no temporary jar can be written: " + e.getMessage(), e);
    } catch (InaccessibleObjectException | ReflectiveOperationException e) {
      throw new ZondaException(
          "TornadoVM cannot be shown the kernel's class; start the JVM with "
              + FLAG
              + " (./zonda and java -jar zonda.jar have it)",
          e);
    }
  }

  /** Writes classes as a jar. */
  static void write(Path jar, Map<String, byte[]> classes) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> entry : new TreeMap<>(classes).entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey().replace('.', '/') + ".class"));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
  }
}
