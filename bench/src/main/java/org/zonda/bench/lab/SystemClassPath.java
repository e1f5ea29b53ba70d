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

  private static final ClaimedClasses CLAIMED = new ClaimedClasses();

  private SystemClassPath() {}

  /**
   * Adds classes, unless they are there.
   *
   * @param file where they come from
   * @throws ZondaException if that is not allowed, or another file has a different class of the
   *     same name
   */
  static void add(Path file, Map<String, byte[]> classes) {
    Map<String, byte[]> fresh = CLAIMED.claim(file, classes);
    // A process that checks kernels was started with them on its class path.
    fresh
        .keySet()
        .removeIf(name -> ClassLoader.getSystemResource(name.replace('.', '/') + ".class") != null);
    if (fresh.isEmpty()) {
      return;
    }
    try {
      Path jar = Files.createTempFile("zonda-kernels", ".jar");
      jar.toFile().deleteOnExit();
      write(jar, fresh);
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
