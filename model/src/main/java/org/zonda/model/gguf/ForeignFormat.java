package org.zonda.model.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Recognises what people pass instead of a GGUF file, to say what would work. */
final class ForeignFormat {
  /** The bytes that are looked at. */
  static final int LOOK_BYTES = 64;

  private record Signature(String prefix, String description) {}

  /** In ISO-8859-1 and lower case, as {@link #describe} compares. */
  private static final List<Signature> SIGNATURES =
      List.of(
          new Signature("fugg", "'FUGG': a GGUF file in big-endian byte order"),
          new Signature(
              "version https://git-lfs",
              "a Git LFS pointer: fetch the file itself with 'git lfs pull'"),
          new Signature("<!doctype", "an HTML page: the download gave a web page, not the file"),
          new Signature("<html", "an HTML page: the download gave a web page, not the file"),
          new Signature("<?xml", "an XML document, such as a download's error message"),
          new Signature(
              "pk\3\4", "a ZIP archive, such as a PyTorch checkpoint: convert it to GGUF"),
          new Signature("\u0080\2", "a Python pickle (PyTorch checkpoint): convert it to GGUF"),
          new Signature("\u0080\4", "a Python pickle (PyTorch checkpoint): convert it to GGUF"),
          new Signature("lmgg", "the GGML format from before GGUF: convert it to GGUF"),
          new Signature("fmgg", "the GGMF format from before GGUF: convert it to GGUF"),
          new Signature("tjgg", "the GGJT format from before GGUF: convert it to GGUF"),
          new Signature("\u001f\u008b", "gzip-compressed data: decompress it first"),
          new Signature("(\u00b5/\u00fd", "zstd-compressed data: decompress it first"),
          new Signature("\u0089hdf", "an HDF5 file: convert it to GGUF"),
          new Signature("{", "JSON text, not a model"),
          new Signature("\u007felf", "a program (ELF), not a model"));

  private ForeignFormat() {}

  /**
   * Says what bytes look like.
   *
   * @param bytes the first bytes of a file
   * @return a phrase for the end of a message
   */
  static String describe(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    for (Signature signature : SIGNATURES) {
      if (text.startsWith(signature.prefix)) {
        return signature.description;
      }
    }
    if (isSafetensors(bytes)) {
      return "a safetensors file: convert it to GGUF";
    }
    int shown = Math.min(bytes.length, 8);
    return "the bytes " + HexFormat.ofDelimiter(" ").formatHex(bytes, 0, shown);
  }

  /** Safetensors begin with the 64-bit length of a JSON object. */
  private static boolean isSafetensors(byte[] bytes) {
    if (bytes.length <= Long.BYTES || bytes[Long.BYTES] != '{') {
      return false;
    }
    long headerLength = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return headerLength > 0 && headerLength < 1L << 40;
  }
}
