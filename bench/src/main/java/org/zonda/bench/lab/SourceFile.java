package org.zonda.bench.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.zonda.model.ZondaException;
import org.zonda.tornado.Settings;

/** A user's source file, compiled in memory: nothing is written anywhere. */
final class SourceFile {

  /** More is no kernel. */
  private static final long LARGEST = 4 << 20;

  private SourceFile() {}

  /**
   * Compiles a file, with the tables that TornadoVM's compiler needs.
   *
   * @return class files by the names of their classes
   * @throws ZondaException if it cannot be read or does not compile; the message has the line
   */
  static Map<String, byte[]> compile(Path file) {
    String text = read(file);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new ZondaException(
          file + " cannot be compiled: this Java has no compiler; run Zonda with a JDK");
    }
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    StringWriter other = new StringWriter();
    try (StandardJavaFileManager standard =
            compiler.getStandardFileManager(diagnostics, Locale.ROOT, null);
        MemoryFiles files = new MemoryFiles(standard)) {
      List<String> options =
          List.of(
              "-g",
              "-parameters",
              "-proc:none",
              "-Xlint:none",
              "-implicit:none",
              "-classpath",
              Settings.ofProcess().classPath());
      boolean done =
          compiler
              .getTask(other, files, diagnostics, options, null, List.of(new Source(file, text)))
              .call();
      if (!done) {
        throw new ZondaException(message(file, text, diagnostics.getDiagnostics()));
      }
      return files.classes();
    } catch (IOException e) {
      throw new ZondaException(file + " cannot be compiled: " + e.getMessage(), e);
    } catch (IllegalStateException e) {
      throw new ZondaException(file + " cannot be compiled: " + other.toString().strip(), e);
    }
  }

  private static String read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new ZondaException(file + " is a directory; name a .java file or a jar");
      }
      if (Files.size(file) > LARGEST) {
        throw new ZondaException(file + " has more than 4 MiB; that is no source of a kernel");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new ZondaException(file + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw new ZondaException(file + " is no text in UTF-8", e);
    } catch (IOException e) {
      throw new ZondaException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The first error with its line of the source, and how many more there are. */
  private static String message(
      Path file, String text, List<Diagnostic<? extends JavaFileObject>> all) {
    List<Diagnostic<? extends JavaFileObject>> errors =
        all.stream().filter(d -> d.getKind() == Diagnostic.Kind.ERROR).toList();
    if (errors.isEmpty()) {
      return file + " does not compile, and the compiler does not say why";
    }
    Diagnostic<? extends JavaFileObject> first = errors.getFirst();
    String said = String.join(", ", first.getMessage(Locale.ROOT).strip().split("\\s*\\R\\s*"));
    StringBuilder message = new StringBuilder(file.toString());
    if (first.getLineNumber() != Diagnostic.NOPOS) {
      message.append(':').append(first.getLineNumber());
    }
    message.append(": ").append(said);
    text.lines()
        .skip(Math.max(0, first.getLineNumber() - 1))
        .findFirst()
        .filter(line -> first.getLineNumber() != Diagnostic.NOPOS)
        .ifPresent(line -> message.append(": '").append(line.strip()).append('\''));
    if (errors.size() > 1) {
      message.append(" (and ").append(errors.size() - 1).append(" more)");
    }
    return message.toString();
  }

  /** The text as the compiler wants it; a public class must have the file's name, as ever. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(Path file, String text) {
      super(uri(file), Kind.SOURCE);
      this.text = text;
    }

    private static URI uri(Path file) {
      return file.toAbsolutePath().toUri();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps class files in memory. */
  private static final class MemoryFiles
      extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, ByteArrayOutputStream> outputs = new TreeMap<>();

    MemoryFiles(StandardJavaFileManager standard) {
      super(standard);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        JavaFileManager.Location location,
        String className,
        JavaFileObject.Kind kind,
        FileObject sibling) {
      URI uri = URI.create("memory:///" + className.replace('.', '/') + kind.extension);
      return new SimpleJavaFileObject(uri, kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          outputs.put(className, bytes);
          return bytes;
        }
      };
    }

    Map<String, byte[]> classes() {
      Map<String, byte[]> classes = new LinkedHashMap<>();
      outputs.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
      return classes;
    }
  }
}
