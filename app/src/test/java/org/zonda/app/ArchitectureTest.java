package org.zonda.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.zonda.app.fixture.Hen;
import org.zonda.app.fixture.KnowsKernels;
import org.zonda.app.fixture.KnowsSimulator;
import org.zonda.app.fixture.KnowsTornadoVm;
import org.zonda.app.fixture.NamesArchitecture;
import org.zonda.app.fixture.NamesCodec;
import org.zonda.app.fixture.NamesFormat;
import org.zonda.app.fixture.ReadsEnvironment;
import org.zonda.app.fixture.ReadsProperty;
import org.zonda.app.fixture.SwitchesOnFormat;
import org.zonda.app.fixture2.Egg;
import org.zonda.model.architecture.Architecture;
import org.zonda.model.tensor.Codec;
import org.zonda.model.tensor.TensorType;

/**
 * The house keeps its shape: which room may know which, and where formats, architectures and
 * settings may be named. Each rule is also shown a class that breaks it, in a package named {@code
 * fixture}, and must refuse it.
 */
class ArchitectureTest {

  private static final String ROOT = "org.zonda.";

  /** Each room, by its package, and the other rooms that it may know. */
  private static final Map<String, Set<String>> ROOMS =
      Map.of(
          "model", Set.of(),
          "tornado", Set.of(),
          "kernels", Set.of(),
          "runtime", Set.of("model", "kernels", "tornado"),
          "bench", Set.of("model", "runtime", "kernels", "tornado"),
          "app", Set.of("model", "tornado", "runtime", "bench"));

  /** The one class of a room that may read environment variables and system properties. */
  private static final Set<String> SETTINGS =
      Set.of(
          "org.zonda.runtime.Settings",
          "org.zonda.tornado.Settings",
          "org.zonda.tornado.simulator.Settings",
          "org.zonda.app.Console");

  /** TornadoVM's API: its own, or the simulator's of the same names. */
  private static final String TORNADOVM = "uk.ac.manchester.tornado..";

  private static final String SIMULATOR = "org.zonda.tornado.simulator..";

  /**
   * Who may name a format: those who multiply its matrices, the one who makes up models, whose
   * vectors are F32 as in every model, and the table that says which tensors of a quantised file
   * get which.
   */
  private static final String KNOW_FORMATS =
      "org\\.zonda\\.runtime\\.cpu\\.(\\w*Matrix|VectorKernels|ScalarKernels)(\\$.*)?"
          + "|org\\.zonda\\.runtime\\.cpu\\.machine\\.\\w*(Matvec|Formats)(\\$.*)?"
          + "|org\\.zonda\\.runtime\\.tornado\\.\\w*DeviceFormat"
          + "|org\\.zonda\\.model\\.synthetic\\.Recipe"
          + "|org\\.zonda\\.model\\.quantize\\.FileType";

  private static JavaClasses house;

  @BeforeAll
  static void readTheHouse() {
    house =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("org.zonda", "uk.ac.manchester.tornado");
    // An empty import would keep every rule.
    assertThat(house.stream().map(ArchitectureTest::room).distinct())
        .contains("model", "tornado", "kernels", "runtime", "app", "TornadoVM");
  }

  private static String room(JavaClass type) {
    if (!type.getPackageName().startsWith(ROOT)) {
      return "TornadoVM";
    }
    String rest = type.getPackageName().substring(ROOT.length());
    return rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest;
  }

  private static String[] packages(Stream<String> rooms) {
    return rooms.map(room -> ROOT + room + "..").toArray(String[]::new);
  }

  private static ArchRule knowsOnlyItsLowerRooms(String room) {
    Stream<String> others =
        ROOMS.keySet().stream()
            .filter(other -> !other.equals(room) && !ROOMS.get(room).contains(other))
            .sorted();
    return noClasses()
        .that()
        .resideInAPackage(ROOT + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages(others));
  }

  /** Beyond the rooms: what a model is needs the JDK's standard part and nothing else. */
  private static final ArchRule MODEL_KNOWS_NOBODY =
      classes()
          .that()
          .resideInAPackage("org.zonda.model..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.zonda.model..", "java..");

  /** Kernels are compiled for the GPU: TornadoVM's types, and what of the JDK it understands. */
  private static final ArchRule KERNELS_KNOW_TORNADOVM =
      classes()
          .that()
          .resideInAPackage("org.zonda.kernels..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.zonda.kernels..", TORNADOVM, "java..");

  /** What finds and launches TornadoVM must work where there is none, and where its API changed. */
  private static final ArchRule TORNADO_CONFIG_KNOWS_NO_TORNADOVM =
      noClasses()
          .that()
          .resideInAPackage("org.zonda.tornado..")
          .and()
          .resideOutsideOfPackage(SIMULATOR)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(TORNADOVM, SIMULATOR);

  /** The simulator stands for a library: it needs the JDK (its coroutines too) and nothing else. */
  private static final ArchRule SIMULATOR_KNOWS_NOBODY =
      classes()
          .that()
          .resideInAnyPackage(SIMULATOR, TORNADOVM)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(SIMULATOR, TORNADOVM, "java..", "jdk.internal.vm");

  /** Nobody may count on the simulator: with TornadoVM in its place it is not there. */
  private static final ArchRule NOBODY_KNOWS_THE_SIMULATOR =
      noClasses()
          .that()
          .resideOutsideOfPackages(SIMULATOR, TORNADOVM)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(SIMULATOR);

  private static final ArchRule FEW_KNOW_TORNADOVM =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.zonda.kernels..",
              "org.zonda.runtime.tornado..",
              "org.zonda.app.device..",
              "org.zonda.bench.device..",
              SIMULATOR,
              TORNADOVM)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(TORNADOVM);

  /** A room's own package holds what its parts share, so it is left out. */
  private static final ArchRule NO_CYCLES =
      slices().matching("org.zonda.(*).(*)..").should().beFreeOfCycles();

  private static final DescribedPredicate<JavaClass> OUTSIDE_FORMATS =
      resideOutsideOfPackages("org.zonda.model.tensor..").and(not(nameMatching(KNOW_FORMATS)));

  private static final ArchRule FORMATS_STAY_IN_THEIR_ROOM =
      noClasses()
          .that(OUTSIDE_FORMATS)
          .should()
          .accessFieldWhere(
              DescribedPredicate.describe(
                  "the field is a constant of TensorType",
                  (JavaFieldAccess access) ->
                      access.getTargetOwner().isEquivalentTo(TensorType.class)));

  private static final ArchRule CODECS_STAY_IN_THEIR_ROOM =
      noClasses()
          .that(OUTSIDE_FORMATS)
          .should()
          .dependOnClassesThat(assignableTo(Codec.class).and(not(INTERFACES)));

  private static final ArchRule ARCHITECTURES_STAY_IN_THEIR_ROOM =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.zonda.model.architecture")
          .should()
          .dependOnClassesThat(assignableTo(Architecture.class).and(not(INTERFACES)));

  private static final ArchRule ONE_PLACE_READS_THE_ENVIRONMENT =
      noClasses()
          .that(
              DescribedPredicate.describe(
                  "are not among " + SETTINGS,
                  (JavaClass type) ->
                      // The classes of TornadoVM's API stand for a library.
                      type.getPackageName().startsWith(ROOT)
                          && !SETTINGS.contains(outermost(type).getName())))
          .should()
          .callMethodWhere(
              JavaCall.Predicates.target(nameMatching("getenv|getProperty|getProperties"))
                  .and(JavaCall.Predicates.target(owner(resideInAnyPackage("java.lang")))))
          .orShould()
          .callMethodWhere(
              JavaCall.Predicates.target(nameMatching("getInteger|getLong|getBoolean"))
                  .and(JavaCall.Predicates.target(owner(resideInAnyPackage("java.lang")))));

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }

  static Stream<Arguments> rules() {
    List<Arguments> rules = new ArrayList<>();
    ROOMS.keySet().stream()
        .sorted()
        .forEach(room -> rules.add(rule(room + "'s arrows", knowsOnlyItsLowerRooms(room))));
    rules.add(rule("model knows nobody", MODEL_KNOWS_NOBODY));
    rules.add(rule("kernels know TornadoVM", KERNELS_KNOW_TORNADOVM));
    rules.add(rule("tornado-config knows no TornadoVM", TORNADO_CONFIG_KNOWS_NO_TORNADOVM));
    rules.add(rule("simulator knows nobody", SIMULATOR_KNOWS_NOBODY));
    rules.add(rule("nobody knows the simulator", NOBODY_KNOWS_THE_SIMULATOR));
    rules.add(rule("few know TornadoVM", FEW_KNOW_TORNADOVM));
    rules.add(rule("no cycles", NO_CYCLES));
    rules.add(rule("formats", FORMATS_STAY_IN_THEIR_ROOM));
    rules.add(rule("codecs", CODECS_STAY_IN_THEIR_ROOM));
    rules.add(rule("architectures", ARCHITECTURES_STAY_IN_THEIR_ROOM));
    rules.add(rule("environment", ONE_PLACE_READS_THE_ENVIRONMENT));
    return rules.stream();
  }

  private static Arguments rule(String name, ArchRule rule) {
    return Arguments.of(Named.of(name, rule.allowEmptyShould(true)));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theHouseKeeps(ArchRule rule) {
    rule.check(house);
  }

  static Stream<Arguments> offences() {
    return Stream.of(
        Arguments.of(
            knowsOnlyItsLowerRooms("model"), List.of(org.zonda.model.fixture.KnowsRuntime.class)),
        Arguments.of(
            knowsOnlyItsLowerRooms("tornado"), List.of(org.zonda.tornado.fixture.KnowsModel.class)),
        Arguments.of(
            knowsOnlyItsLowerRooms("kernels"), List.of(org.zonda.kernels.fixture.KnowsModel.class)),
        Arguments.of(
            knowsOnlyItsLowerRooms("runtime"), List.of(org.zonda.runtime.fixture.KnowsApp.class)),
        Arguments.of(
            knowsOnlyItsLowerRooms("bench"), List.of(org.zonda.bench.fixture.KnowsApp.class)),
        Arguments.of(knowsOnlyItsLowerRooms("app"), List.of(KnowsKernels.class)),
        Arguments.of(MODEL_KNOWS_NOBODY, List.of(org.zonda.model.fixture.KnowsRuntime.class)),
        Arguments.of(KERNELS_KNOW_TORNADOVM, List.of(org.zonda.kernels.fixture.KnowsModel.class)),
        Arguments.of(
            TORNADO_CONFIG_KNOWS_NO_TORNADOVM,
            List.of(org.zonda.tornado.fixture.KnowsTornadoVm.class)),
        Arguments.of(
            SIMULATOR_KNOWS_NOBODY,
            List.of(org.zonda.tornado.simulator.fixture.KnowsProfiles.class)),
        Arguments.of(NOBODY_KNOWS_THE_SIMULATOR, List.of(KnowsSimulator.class)),
        Arguments.of(FEW_KNOW_TORNADOVM, List.of(KnowsTornadoVm.class)),
        Arguments.of(NO_CYCLES, List.of(Hen.class, Egg.class)),
        Arguments.of(FORMATS_STAY_IN_THEIR_ROOM, List.of(NamesFormat.class)),
        Arguments.of(FORMATS_STAY_IN_THEIR_ROOM, List.of(SwitchesOnFormat.class)),
        Arguments.of(CODECS_STAY_IN_THEIR_ROOM, List.of(NamesCodec.class)),
        Arguments.of(ARCHITECTURES_STAY_IN_THEIR_ROOM, List.of(NamesArchitecture.class)),
        Arguments.of(ONE_PLACE_READS_THE_ENVIRONMENT, List.of(ReadsEnvironment.class)),
        Arguments.of(ONE_PLACE_READS_THE_ENVIRONMENT, List.of(ReadsProperty.class)));
  }

  @ParameterizedTest
  @MethodSource("offences")
  void anOffenceIsSeen(ArchRule rule, List<Class<?>> offenders) {
    String[] packages = offenders.stream().map(Class::getPackageName).toArray(String[]::new);
    // By name, since the compiler puts a switch's table into a class of its own.
    JavaClasses imported =
        new ClassFileImporter()
            .importPackages(packages)
            .that(
                DescribedPredicate.describe(
                    "are the offenders",
                    (JavaClass type) ->
                        offenders.stream().anyMatch(c -> type.getName().startsWith(c.getName()))));
    assertThat(rule.evaluate(imported).hasViolation()).isTrue();
  }
}
