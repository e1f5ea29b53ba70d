package org.zonda.app;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.zonda.model.tokenizer.Tokenizer;
import org.zonda.runtime.Embedding;
import org.zonda.runtime.EmbeddingModel;
import org.zonda.runtime.TokenEmbeddings;

/** The result of {@code zonda embed} as one JSON object; docs/embeddings.md describes it. */
final class EmbeddingJson {

  /** What is the same for all texts. */
  record Head(EmbeddingModel model, String pooling, boolean normalised) {}

  private interface Text {
    void write(JsonGenerator json, int index) throws IOException;
  }

  private EmbeddingJson() {}

  static byte[] ofTexts(Head head, List<Embedding> embeddings) {
    return object(
        head,
        embeddings.size(),
        (json, index) -> {
          Embedding embedding = embeddings.get(index);
          json.writeNumberField("tokens", embedding.tokens());
          json.writeBooleanField("truncated", embedding.truncated());
          json.writeFieldName("embedding");
          vector(json, embedding.vector());
        });
  }

  static byte[] ofTokens(Head head, List<TokenEmbeddings> texts) {
    Tokenizer tokenizer = head.model().tokenizer();
    return object(
        head,
        texts.size(),
        (json, index) -> {
          TokenEmbeddings text = texts.get(index);
          json.writeNumberField("tokens", text.tokens().length);
          json.writeBooleanField("truncated", text.truncated());
          json.writeFieldName("ids");
          json.writeArray(text.tokens(), 0, text.tokens().length);
          json.writeArrayFieldStart("pieces");
          for (int token : text.tokens()) {
            json.writeString(tokenizer.piece(token));
          }
          json.writeEndArray();
          json.writeArrayFieldStart("embedding");
          for (float[] row : text.vectors()) {
            vector(json, row);
          }
          json.writeEndArray();
        });
  }

  private static byte[] object(Head head, int count, Text text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Json.write(
        new Output(bytes),
        json -> {
          json.writeStringField("model", head.model().source().label());
          json.writeStringField("backend", head.model().backend());
          PlanJson.notes(json, head.model().plan().notes());
          json.writeStringField("pooling", head.pooling());
          json.writeBooleanField("normalised", head.normalised());
          json.writeNumberField("width", head.model().width());
          json.writeArrayFieldStart("embeddings");
          for (int index = 0; index < count; index++) {
            json.writeStartObject();
            json.writeNumberField("index", index);
            text.write(json, index);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
    return bytes.toByteArray();
  }

  private static void vector(JsonGenerator json, float[] vector) throws IOException {
    json.writeStartArray();
    for (float value : vector) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }
}
