package org.zonda.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.zonda.model.ZondaException;
import org.zonda.model.tokenizer.Tokenizer.Specials;
import org.zonda.runtime.ContextPolicy;
import org.zonda.runtime.GenerationOptions;
import picocli.CommandLine;

class SamplingOptionsTest {

  @Test
  void withoutOptionsNothingChanges() {
    GenerationOptions before = everyOptionChanged();
    assertThat(new SamplingOptions().applyTo(before)).isEqualTo(before);
  }

  @Test
  void everyOptionArrivesWhereItBelongs() {
    SamplingOptions sampling = new SamplingOptions();
    new CommandLine(sampling)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(
            "-n 7 --temp 0.5 --top-k 3 --top-p 0.25 --min-p 0.125 --repeat-penalty 1.5"
                .concat(" --repeat-last-n 9 --frequency-penalty 0.75 --presence-penalty -0.5")
                .concat(" --logit-bias 4=-inf --logit-bias 5=2.5 --seed -1 --stop a --stop b")
                .concat(" --ignore-eos --context-policy shift")
                .split(" "));
    assertThat(sampling.applyTo(GenerationOptions.DEFAULT)).isEqualTo(everyOptionChanged());
  }

  @Test
  void theChatSetsTheSameOptions() {
    GenerationOptions changed =
        ChatSettings.apply("temp=0.5  top_k=3 seed=-1 ignore-eos=true", GenerationOptions.DEFAULT);
    assertThat(changed)
        .isEqualTo(
            GenerationOptions.builder()
                .temperature(0.5)
                .topK(3)
                .seed(-1)
                .ignoreEndOfGeneration(true)
                .build());
  }

  @Test
  void theChatRefusesWhatIsNoOption() {
    refuses("temp", "/set temp: expected NAME=VALUE, as in temp=0.5");
    refuses("=5", "/set =5: expected NAME=VALUE, as in temp=0.5");
    refuses("heat=5", "/set heat=5: Unknown option: '--heat=5'");
    refuses("temp=hot", "/set temp=hot: Invalid value for option '--temp': 'hot' is not a float");
    refuses("temp=-1", "temperature is -1.0; it must be a number from 0.0 to 100.0");
  }

  @Test
  void theChatShowsWhatItCanSet() {
    GenerationOptions options = everyOptionChanged();
    String shown = ChatSettings.show(options);
    assertThat(shown).startsWith("tokens=7 temp=0.5 top-k=3 ");
    GenerationOptions again = ChatSettings.apply(shown, GenerationOptions.DEFAULT);
    assertThat(ChatSettings.show(again)).isEqualTo(shown);
  }

  private static void refuses(String assignments, String message) {
    assertThatExceptionOfType(ZondaException.class)
        .isThrownBy(() -> ChatSettings.apply(assignments, GenerationOptions.DEFAULT))
        .withMessage(message);
  }

  private static GenerationOptions everyOptionChanged() {
    return new GenerationOptions(
        7,
        0.5f,
        3,
        0.25f,
        0.125f,
        1.5f,
        9,
        0.75f,
        -0.5f,
        Map.of(4, Float.NEGATIVE_INFINITY, 5, 2.5f),
        OptionalLong.of(-1),
        List.of("a", "b"),
        ContextPolicy.SHIFT,
        true,
        Specials.PARSED);
  }
}
