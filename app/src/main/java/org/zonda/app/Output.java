package org.zonda.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.zonda.model.ZondaException;

/**
 * A stream for text. Unlike {@link java.io.PrintStream} it does not swallow errors: a reader that
 * went away is an {@link OutputClosedException}, a full disk a {@link ZondaException}.
 */
final class Output extends Writer {

  private final OutputStream stream;
  private final OutputStreamWriter writer;
  private boolean atLineStart = true;

  /** Text as UTF-8. */
  Output(OutputStream stream) {
    this(stream, StandardCharsets.UTF_8);
  }

  Output(OutputStream stream, Charset charset) {
    this.stream = stream;
    writer = new OutputStreamWriter(stream, charset);
  }

  @Override
  public void write(char[] buffer, int offset, int length) {
    try {
      writer.write(buffer, offset, length);
    } catch (IOException e) {
      throw failure(e);
    }
    if (length > 0) {
      atLineStart = buffer[offset + length - 1] == '\n';
    }
  }

  Output print(String text) {
    try {
      writer.write(text);
    } catch (IOException e) {
      throw failure(e);
    }
    if (!text.isEmpty()) {
      atLineStart = text.endsWith("\n");
    }
    return this;
  }

  void println(String text) {
    print(text).print("\n");
    flush();
  }

  void printf(String format, Object... arguments) {
    print(String.format(Locale.ROOT, format, arguments));
  }

  /** Bytes that are no text, and nothing after them. */
  void bytes(byte[] bytes) {
    flush();
    try {
      stream.write(bytes);
      stream.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Ends the line unless it has ended already. */
  void endLine() {
    if (!atLineStart) {
      print("\n");
    }
    flush();
  }

  @Override
  public void flush() {
    try {
      writer.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(IOException e) {
    String message = String.valueOf(e.getMessage());
    // The system's own words: "Broken pipe" on POSIX, "The pipe is being closed" on Windows.
    return message.toLowerCase(Locale.ROOT).contains("pipe")
        ? new OutputClosedException(e)
        : new ZondaException("cannot write the output: " + message, e);
  }
}
