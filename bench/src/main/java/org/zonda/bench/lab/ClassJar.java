package org.zonda.bench.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.zonda.model.ZondaException;

/** A user's jar. */
final class ClassJar {

  /** More is not a jar of kernels. */
  private static final long MOST_BYTES = 64L << 20;

  private static final String CLASS = ".class";

  private ClassJar() {}

  /**
   * Reads all classes of a jar.
   *
   * @return class files by the names that their places in the jar give them
   * @throws ZondaException if it is no jar, or too large
   */
  static Map<String, byte[]> read(Path file) {
    if (!Files.exists(file)) {
      throw new ZondaException(file + ": no such file");
    }
    if (Files.isDirectory(file)) {
      throw new ZondaException(file + " is a directory; name a .java file or a jar");
    }
    Map<String, byte[]> classes = new LinkedHashMap<>();
    long bytes = 0;
    try (ZipFile jar = new ZipFile(file.toFile())) {
      Enumeration<? extends ZipEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        String name = entry.getName();
        if (!isClass(name)) {
          continue;
        }
        try (InputStream in = jar.getInputStream(entry)) {
          byte[] content = in.readNBytes(Math.toIntExact(MOST_BYTES - bytes + 1));
          bytes += content.length;
          if (bytes > MOST_BYTES) {
            throw new ZondaException(
                file + " has more than 64 MiB of classes; put the kernels into a jar of their own");
          }
          classes.put(name.substring(0, name.length() - CLASS.length()).replace('/', '.'), content);
        }
      }
    } catch (NoSuchFileException e) {
      throw new ZondaException(file + ": no such file", e);
    } catch (IOException e) {
      throw new ZondaException(
          file + " is neither a .java file nor a jar that can be read: " + e.getMessage(), e);
    }
    if (classes.isEmpty()) {
      throw new ZondaException(file + " has no class files in it");
    }
    return classes;
  }

  /** Other versions of classes, and descriptions of modules and packages, are left out. */
  private static boolean isClass(String name) {
    return name.endsWith(CLASS)
        && !name.startsWith("META-INF/")
        && !name.endsWith("module-info.class")
        && !name.endsWith("package-info.class");
  }
}
