package org.zonda.app;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.GgufFile;

/** The small model that lies in the program's jar. */
final class EmbeddedModel {

  static final String LABEL = "story.gguf (embedded)";

  private static final String RESOURCE = "story.gguf";

  /** GGUF's default alignment, and a cache line. */
  private static final int ALIGNMENT = 64;

  private EmbeddedModel() {}

  /** The bytes as they lie in the jar. */
  static InputStream resource() {
    InputStream resource = EmbeddedModel.class.getResourceAsStream(RESOURCE);
    if (resource == null) {
      throw new ZondaException(
          "this build has no embedded model (" + RESOURCE + "); name one with -m FILE");
    }
    return resource;
  }

  static GgufFile open() {
    byte[] bytes;
    try (InputStream resource = resource()) {
      bytes = resource.readAllBytes();
    } catch (IOException e) {
      throw new ZondaException("the embedded model cannot be read: " + e.getMessage(), e);
    }
    // Outside the heap, as a mapped file is: the kernels then see one kind of memory.
    MemorySegment memory = Arena.ofAuto().allocate(bytes.length, ALIGNMENT);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return GgufFile.open(memory.asReadOnly(), LABEL);
  }
}
