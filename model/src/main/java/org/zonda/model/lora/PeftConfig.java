package org.zonda.model.lora;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.zonda.model.ZondaException;
import org.zonda.model.gguf.IoFault;
import org.zonda.model.json.JsonObject;

/**
 * A PEFT adapter's {@code adapter_config.json}: what decides how its matrices are applied. Whatever
 * would make a model differ from {@code W + scale * B * A} is refused by name.
 *
 * <p>{@code fan_in_fan_out} needs no care: it is about how the base's matrix is stored, and A and B
 * have the same shapes either way.
 */
final class PeftConfig {

  /** Real ones have a few kilobytes. */
  private static final int MAX_BYTES = 16 << 20;

  /** Ways to initialise A and B; others change the base's weights too. */
  private static final List<String> NEUTRAL = List.of("gaussian", "eva", "orthogonal");

  private static final String PATTERN_CHARACTERS = "$*+?()[]{}|\\";

  private final String label;
  private final JsonObject json;

  private PeftConfig(String label, JsonObject json) {
    this.label = label;
    this.json = json;
  }

  static PeftConfig read(Path file) {
    String label = file.toString();
    // Reading a pipe would wait, and a device need not end.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new ZondaException(label + ": is no regular file; expected JSON");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new ZondaException(
            label + ": has more than " + MAX_BYTES + " bytes; expected at most that many");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      PeftConfig config = new PeftConfig(label, JsonObject.parse(text, label));
      config.check();
      return config;
    } catch (CharacterCodingException e) {
      throw new ZondaException(label + ": is no UTF-8; expected JSON", e);
    } catch (IOException e) {
      throw new ZondaException(label + ": cannot be read: " + IoFault.reason(e), e);
    }
  }

  private void check() {
    if (!json.string("peft_type").equals("LORA")) {
      throw json.fault("peft_type", "\"LORA\", the only kind that is supported");
    }
    for (String flag : List.of("use_dora", "lora_bias", "use_qalora")) {
      if (json.flag(flag)) {
        throw json.fault(flag, "false, as it is not supported");
      }
    }
    if (json.has("bias") && !json.string("bias").equals("none")) {
      throw json.fault("bias", "\"none\", as trained biases are not supported");
    }
    for (String list :
        List.of(
            "modules_to_save",
            "layer_replication",
            "trainable_token_indices",
            "target_parameters",
            "alora_invocation_tokens")) {
      if (json.hasElements(list)) {
        throw json.fault(list, "none, as it is not supported");
      }
    }
    boolean text = json.show("init_lora_weights").startsWith("\"");
    if (text && !NEUTRAL.contains(json.string("init_lora_weights"))) {
      throw json.fault(
          "init_lora_weights",
          "true, false, gaussian, eva or orthogonal, as others change the base's weights too");
    }
    checkPositive(json, "r");
    checkFinite(json, "lora_alpha");
    for (String name : json.objectOrEmpty("rank_pattern").names()) {
      checkPattern("rank_pattern", name);
      checkPositive(json.object("rank_pattern"), name);
    }
    for (String name : json.objectOrEmpty("alpha_pattern").names()) {
      checkPattern("alpha_pattern", name);
      checkFinite(json.object("alpha_pattern"), name);
    }
  }

  private static void checkPositive(JsonObject object, String name) {
    double value = object.number(name);
    if (!(value >= 1) || value != Math.rint(value)) {
      throw object.fault(name, "a whole number of at least 1");
    }
  }

  private static void checkFinite(JsonObject object, String name) {
    if (!Double.isFinite(object.number(name))) {
      throw object.fault(name, "a finite number");
    }
  }

  /** PEFT takes regular expressions here; names of modules are what is in use. */
  private void checkPattern(String field, String pattern) {
    if (pattern.chars().anyMatch(c -> PATTERN_CHARACTERS.indexOf(c) >= 0)) {
      throw new ZondaException(
          "%s: '%s' has the pattern '%s'; expected names of modules, as other patterns are not supported"
              .formatted(label, field, pattern));
    }
  }

  Optional<String> baseModel() {
    return json.findString("base_model_name_or_path").filter(name -> !name.isEmpty());
  }

  /**
   * The factor of a module's B * A.
   *
   * @param module its name in the published model
   * @param rank of its matrices
   * @throws ZondaException if the configuration tells another rank
   */
  double scale(String module, int rank) {
    double told = value("rank_pattern", module, "r");
    if (told != rank) {
      throw new ZondaException(
          "%s: says rank %.0f for '%s', whose matrices have rank %d; the files do not belong together"
              .formatted(label, told, module, rank));
    }
    double alpha = value("alpha_pattern", module, "lora_alpha");
    return alpha / (json.flag("use_rslora") ? Math.sqrt(rank) : rank);
  }

  /** The first pattern that the module's name ends with, a whole number of its parts, decides. */
  private double value(String patterns, String module, String otherwise) {
    JsonObject values = json.objectOrEmpty(patterns);
    for (String pattern : values.names()) {
      boolean whole = pattern.startsWith("^");
      boolean matches =
          whole
              ? module.equals(pattern.substring(1))
              : module.equals(pattern) || module.endsWith("." + pattern);
      if (matches) {
        return values.number(pattern);
      }
    }
    return json.number(otherwise);
  }
}
