package org.zonda.app;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import org.zonda.bench.JsonNumbers;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.evaluation.AgreementResult;
import org.zonda.runtime.evaluation.AgreementResult.Divergence;
import org.zonda.runtime.evaluation.EvaluationOptions;
import org.zonda.runtime.evaluation.PerplexityResult;

/**
 * What {@code zonda perplexity --json} prints. Each estimate has its standard error beside it,
 * which is null for fewer than two tokens. Times are in seconds; {@code surprise} and {@code
 * kl_divergence} are in nats.
 */
final class EvaluationJson {

  private EvaluationJson() {}

  static void write(
      Output out, LanguageModel model, EvaluationOptions options, PerplexityResult result) {
    Json.write(
        out,
        json -> {
          named(json, model);
          how(json, model, options, result);
          estimates(json, result);
        });
  }

  static void write(
      Output out,
      LanguageModel base,
      LanguageModel other,
      EvaluationOptions options,
      AgreementResult result) {
    Json.write(
        out,
        json -> {
          named(json, base);
          how(json, base, options, result.base());
          estimates(json, result.base());
          json.writeObjectFieldStart("compared");
          named(json, other);
          estimates(json, result.other());
          json.writeEndObject();
          JsonNumbers.write(json, "perplexity_ratio", result.ratio());
          JsonNumbers.write(json, "perplexity_ratio_error", result.ratioError());
          divergence(json, result.divergence());
          JsonNumbers.write(json, "same_top", result.sameTop());
          JsonNumbers.write(json, "same_top_error", result.sameTopError());
          JsonNumbers.write(json, "largest_logit_difference", result.largestDifference());
        });
  }

  private static void named(JsonGenerator json, LanguageModel model) throws IOException {
    json.writeStringField("model", model.source().label());
    json.writeStringField("backend", model.backend());
  }

  private static void how(
      JsonGenerator json, LanguageModel model, EvaluationOptions options, PerplexityResult result)
      throws IOException {
    json.writeStringField("windowing", options.windowing().name().toLowerCase(Locale.ROOT));
    json.writeNumberField("context", model.contextLength());
    json.writeBooleanField("complete", result.isComplete());
    json.writeNumberField("windows", result.windows());
    json.writeNumberField("all_windows", result.allWindows());
    json.writeNumberField("tokens_scored", result.tokens());
    json.writeNumberField("tokens_read", result.read());
    json.writeNumberField("bytes_scored", result.bytes());
    json.writeNumberField("characters_scored", result.characters());
    json.writeNumberField("time", Json.seconds(result.time()));
    json.writeNumberField("tokens_per_second", result.tokensPerSecond());
  }

  private static void estimates(JsonGenerator json, PerplexityResult result) throws IOException {
    boolean any = result.tokens() > 0;
    JsonNumbers.write(json, "perplexity", any ? result.perplexity() : Double.NaN);
    JsonNumbers.write(json, "perplexity_error", result.perplexityError());
    JsonNumbers.write(json, "surprise", any ? result.surprise() : Double.NaN);
    JsonNumbers.write(json, "surprise_error", result.surpriseError());
    JsonNumbers.write(json, "bits_per_byte", result.bitsPerByte());
    JsonNumbers.write(json, "bits_per_character", result.bitsPerCharacter());
  }

  private static void divergence(JsonGenerator json, Divergence divergence) throws IOException {
    json.writeObjectFieldStart("kl_divergence");
    JsonNumbers.write(json, "mean", divergence.mean());
    JsonNumbers.write(json, "error", divergence.error());
    JsonNumbers.write(json, "median", divergence.median());
    JsonNumbers.write(json, "percentile_99", divergence.percentile99());
    JsonNumbers.write(json, "largest", divergence.largest());
    json.writeEndObject();
  }
}
