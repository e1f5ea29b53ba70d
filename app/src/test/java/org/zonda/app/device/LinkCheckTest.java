package org.zonda.app.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zonda.runtime.tornado.Devices;

class LinkCheckTest {

  private static final ClassDesc CONTEXT =
      ClassDesc.of("uk.ac.manchester.tornado.api.KernelContext");
  private static final ClassDesc GRAPH = ClassDesc.of("uk.ac.manchester.tornado.api.TaskGraph");
  private static final ClassDesc DEVICE =
      ClassDesc.of("uk.ac.manchester.tornado.api.common.TornadoDevice");
  private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);

  @TempDir private Path folder;

  /** A class whose code uses members; it is never run. */
  private LinkCheck check(String name, Consumer<CodeBuilder> code) throws IOException {
    Path file = folder.resolve(name + ".class");
    Files.createDirectories(file.getParent());
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.ofInternalName(name),
                type ->
                    type.withMethodBody(
                        "use",
                        MethodTypeDesc.of(ConstantDescs.CD_void, CONTEXT, DEVICE),
                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                        body -> {
                          code.accept(body);
                          body.return_();
                        }));
    Files.write(file, bytes);
    return LinkCheck.of(folder);
  }

  private LinkCheck check(Consumer<CodeBuilder> code) throws IOException {
    return check("org/zonda/made/Up", code);
  }

  @Test
  void zondasOwnClassesLink() throws Exception {
    for (Class<?> type : new Class<?>[] {TrialKernels.class, Devices.class}) {
      URI place = type.getProtectionDomain().getCodeSource().getLocation().toURI();
      LinkCheck check = LinkCheck.of(Path.of(place));
      assertThat(check.missing()).isEmpty();
      assertThat(check.members()).isPositive();
    }
  }

  @Test
  void aMethodThatIsGoneIsNamed() throws IOException {
    LinkCheck check = check(code -> code.aload(0).invokevirtual(CONTEXT, "gone", NOTHING));
    assertThat(check.missing())
        .containsExactly(
            "uk.ac.manchester.tornado.api.KernelContext.gone()V (used by org.zonda.made.Up)");
  }

  @Test
  void aMethodOfAnotherTypeIsNotTheSame() throws IOException {
    LinkCheck check =
        check(
            code ->
                code.aload(0)
                    .iconst_1()
                    .invokevirtual(
                        CONTEXT,
                        "allocateFloatLocalArray",
                        MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_int))
                    .pop());
    assertThat(check.missing()).singleElement().asString().contains("allocateFloatLocalArray(I)L");
  }

  @Test
  void aFieldOfAnotherTypeIsNotTheSame() throws IOException {
    LinkCheck check =
        check(code -> code.aload(0).getfield(CONTEXT, "globalIdx", ConstantDescs.CD_int).pop());
    assertThat(check.missing())
        .singleElement()
        .asString()
        .startsWith("uk.ac.manchester.tornado.api.KernelContext.globalIdx: I");
    assertThat(
            check(
                    code ->
                        code.aload(0)
                            .getfield(CONTEXT, "globalIdx", ConstantDescs.CD_Integer)
                            .pop())
                .missing())
        .isEmpty();
  }

  @Test
  void aConstructorThatIsGoneIsNamed() throws IOException {
    LinkCheck check =
        check(code -> code.new_(GRAPH).dup().invokespecial(GRAPH, "<init>", NOTHING).pop());
    assertThat(check.missing()).singleElement().asString().contains("TaskGraph.<init>()V");
  }

  @Test
  void aClassThatIsGoneIsNamedWithItsMembers() throws IOException {
    ClassDesc gone = ClassDesc.of("uk.ac.manchester.tornado.api.Gone");
    assertThat(check(code -> code.invokestatic(gone, "now", NOTHING)).missing())
        .containsExactlyInAnyOrder(
            "uk.ac.manchester.tornado.api.Gone (used by org.zonda.made.Up)",
            "uk.ac.manchester.tornado.api.Gone.now()V (used by org.zonda.made.Up)");
  }

  @Test
  void anInterfaceThatBecameAClassIsAnother() throws IOException {
    LinkCheck check =
        check(
            code ->
                code.aload(1)
                    .invokevirtual(
                        DEVICE, "getDeviceName", MethodTypeDesc.of(ConstantDescs.CD_String))
                    .pop());
    assertThat(check.missing()).singleElement().asString().contains("getDeviceName");
  }

  @Test
  void whatInheritsIsThere() throws IOException {
    LinkCheck check =
        check(
            code ->
                code.aload(0)
                    .invokevirtual(CONTEXT, "toString", MethodTypeDesc.of(ConstantDescs.CD_String))
                    .pop());
    assertThat(check.missing()).isEmpty();
    assertThat(check.members()).isEqualTo(2); // the class and the method
  }

  @Test
  void theSimulatorsOwnClassesAreLeftOut() throws IOException {
    LinkCheck check =
        check(
            "org/zonda/tornado/simulator/Up",
            code -> code.aload(0).invokevirtual(CONTEXT, "gone", NOTHING));
    assertThat(check.members()).isZero();
  }

  @Test
  void aJarIsReadToo() throws IOException {
    check(code -> code.aload(0).invokevirtual(CONTEXT, "gone", NOTHING));
    Path jar = folder.resolve("made up.jar");
    try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      Files.createDirectories(zip.getPath("/org/zonda/made"));
      Files.copy(
          folder.resolve("org/zonda/made/Up.class"), zip.getPath("/org/zonda/made/Up.class"));
    }
    assertThat(LinkCheck.of(jar).missing()).hasSize(1);
  }
}
