package org.zonda.app;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.zonda.runtime.GenerationResult;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.Timings;
import org.zonda.runtime.placement.MemoryPlan;

/** The result of {@code zonda run --json}. Times are in seconds. */
final class GenerationJson {

  private GenerationJson() {}

  static void write(
      Output out,
      LanguageModel model,
      String prompt,
      GenerationResult result,
      List<Json.Fields> more) {
    Json.write(
        out,
        json -> {
          json.writeStringField("model", model.source().label());
          json.writeStringField("backend", model.backend());
          PlanJson.notes(json, model.plan().map(MemoryPlan::notes).orElse(List.of()));
          json.writeStringField("prompt", prompt);
          json.writeNumberField("prompt_tokens", result.promptTokens());
          json.writeStringField("text", result.text());
          json.writeArrayFieldStart("tokens");
          for (int token : result.tokens()) {
            json.writeNumber(token);
          }
          json.writeEndArray();
          json.writeStringField(
              "finish_reason", result.finishReason().name().toLowerCase(Locale.ROOT));
          json.writeNumberField("seed", result.seed());
          timings(json, result.timings());
          for (Json.Fields fields : more) {
            fields.write(json);
          }
        });
  }

  private static void timings(JsonGenerator json, Timings timings) throws IOException {
    json.writeObjectFieldStart("timings");
    json.writeNumberField("load", Json.seconds(timings.load()));
    json.writeNumberField("time_to_first_token", Json.seconds(timings.timeToFirstToken()));
    json.writeNumberField("prefill_tokens", timings.prefillTokens());
    json.writeNumberField("prefill", Json.seconds(timings.prefill()));
    json.writeNumberField("prefill_tokens_per_second", timings.prefillTokensPerSecond());
    json.writeNumberField("decode_tokens", timings.decodeTokens());
    json.writeNumberField("decode", Json.seconds(timings.decode()));
    json.writeNumberField("decode_tokens_per_second", timings.decodeTokensPerSecond());
    json.writeEndObject();
  }
}
