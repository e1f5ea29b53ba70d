package org.zonda.model.lora;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.safetensors.SafetensorsFile;
import org.zonda.model.tensor.Tensor;

/**
 * Adapters as Hugging Face's PEFT library saves them: a folder with {@code adapter_config.json} and
 * {@code adapter_model.safetensors}. The matrices of a module {@code M} of the published model are
 * called {@code base_model.model.M.lora_A.weight} and {@code ….lora_B.weight}.
 */
final class PeftAdapter {

  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String PREFIX = "base_model.model.";
  private static final String A = ".lora_A.weight";
  private static final String B = ".lora_B.weight";

  private PeftAdapter() {}

  static Adapter open(Path folder, ModelSource base) {
    for (String name : List.of(CONFIG, WEIGHTS)) {
      if (!Files.exists(folder.resolve(name))) {
        boolean pickle = Files.exists(folder.resolve("adapter_model.bin"));
        throw new ZondaException(
            "%s: there is no %s in this folder; expected a PEFT adapter%s"
                .formatted(
                    folder,
                    name,
                    pickle ? ", whose adapter_model.bin has to be saved as safetensors" : ""));
      }
    }
    List<Path> paths = List.of(folder.resolve(CONFIG), folder.resolve(WEIGHTS));
    PeftConfig config = PeftConfig.read(paths.getFirst());
    SafetensorsFile file = SafetensorsFile.open(paths.getLast());
    try {
      List<LowRank> pairs = read(file, config, new PublishedModules(base));
      return new Adapter(
          folder.toString(), "PEFT adapter", paths, config.baseModel(), pairs, file::close);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  private static List<LowRank> read(
      SafetensorsFile file, PeftConfig config, PublishedModules modules) {
    String label = file.label();
    LowRankPairs pairs = new LowRankPairs(label);
    for (Tensor tensor : file.tensors()) {
      String name = tensor.name();
      if (name.startsWith(PREFIX) && name.endsWith(A)) {
        pairs.addA(name.substring(PREFIX.length(), name.length() - A.length()), tensor);
      } else if (name.startsWith(PREFIX) && name.endsWith(B)) {
        pairs.addB(name.substring(PREFIX.length(), name.length() - B.length()), tensor);
      } else {
        throw new ZondaException(
            "%s: tensor '%s' is not supported; expected names such as %sM%s"
                .formatted(label, name, PREFIX, A));
      }
    }
    List<LowRank> all = new ArrayList<>();
    for (LowRankPairs.Halves pair : pairs.pairs()) {
      PublishedModules.Place place = modules.find(pair.module(), label);
      double scale = config.scale(pair.module(), pair.rank());
      all.add(new LowRank(place.tensor(), pair.a(), pair.b(), place.order(), scale));
    }
    return all;
  }
}
