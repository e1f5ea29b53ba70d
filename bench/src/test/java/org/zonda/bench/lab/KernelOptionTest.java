package org.zonda.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.model.ZondaException;

class KernelOptionTest {

  @TempDir Path folder;

  private Path write(String file, String header) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, header + KernelTemplate.of(KernelCatalogue.get("matvec.q8_0")));
  }

  private List<UserKernel> read(String option) {
    return KernelOption.read(List.of(option), folder::resolve);
  }

  @Test
  void aFileOrAClassNamesAKernel() throws IOException {
    write("MyMatvec.java", "");
    for (String option :
        List.of("MyMatvec.java", "matvec.q8_0=MyMatvec.java", "matvec.q8_0=MyMatvec", "MyMatvec")) {
      assertThat(read(option)).extracting(UserKernel::name).containsExactly("MyMatvec.matvec");
    }
  }

  @Test
  void aClassOfAPackageLiesInItsFolder() throws IOException {
    write("my/MyMatvec.java", "package my;\n");
    assertThat(read("matvec.q8_0=my.MyMatvec"))
        .extracting(UserKernel::name)
        .containsExactly("my.MyMatvec.matvec");
  }

  @Test
  void whatIsNeitherIsTold() {
    assertThatThrownBy(() -> read("matvec.q8_0=my.MyMatvec"))
        .isInstanceOf(ZondaException.class)
        .hasMessageContaining("my.MyMatvec");
  }
}
