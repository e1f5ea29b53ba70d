package org.zonda.model.gguf;

/** One typed value of a GGUF file's metadata. */
public interface MetadataValue {}
