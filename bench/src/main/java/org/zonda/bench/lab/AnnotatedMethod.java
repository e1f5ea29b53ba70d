package org.zonda.bench.lab;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.instruction.LineNumber;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.zonda.kernels.Kernel;
import org.zonda.model.ZondaException;

/**
 * A method with {@link Kernel} on it, as its class file has it.
 *
 * @param file where it comes from
 * @param model the method
 * @param className its class
 * @param id the kernel that it stands for
 */
record AnnotatedMethod(Path file, MethodModel model, String className, String id) {

  private static final int MAGIC = 0xCAFEBABE;

  /** Packages whose classes are the program's own, and would be taken instead. */
  private static final List<String> TAKEN =
      List.of("org.zonda.", "uk.ac.manchester.", "java.", "jdk.");

  /**
   * Finds all.
   *
   * @param classes class files by name
   * @throws ZondaException if there is none, or a class file or a method cannot be used
   */
  static List<AnnotatedMethod> find(Path file, Map<String, byte[]> classes) {
    List<AnnotatedMethod> found = new ArrayList<>();
    classes.forEach((name, bytes) -> find(file, name, bytes, found));
    if (found.isEmpty()) {
      throw new ZondaException(
          "%s has no kernel: no method of %s has the annotation @Kernel(\"ID\") (org.zonda.kernels.Kernel)"
              .formatted(
                  file,
                  classes.size() == 1
                      ? classes.keySet().iterator().next()
                      : "its " + classes.size() + " classes"));
    }
    return found;
  }

  private static void find(Path file, String name, byte[] bytes, List<AnnotatedMethod> found) {
    ClassModel type = parse(file, name, bytes);
    String own = type.thisClass().asInternalName().replace('/', '.');
    for (MethodModel method : type.methods()) {
      Optional<String> id = id(method);
      if (id.isPresent()) {
        AnnotatedMethod annotated = new AnnotatedMethod(file, method, own, id.get());
        annotated.check(type, name);
        found.add(annotated);
      }
    }
  }

  private static ClassModel parse(Path file, String name, byte[] bytes) {
    int newest = ClassFile.latestMajorVersion();
    int major = bytes.length < 8 ? 0 : (bytes[6] & 255) << 8 | bytes[7] & 255;
    if (bytes.length < 8 || java.nio.ByteBuffer.wrap(bytes).getInt() != MAGIC) {
      throw new ZondaException("%s: %s is no class file".formatted(file, name));
    }
    if (major > newest) {
      throw new ZondaException(
          "%s: the class %s was compiled for Java %d and this is Java %d; compile it with --release %d"
              .formatted(file, name, major - 44, newest - 44, newest - 44));
    }
    try {
      return ClassFile.of().parse(bytes);
    } catch (IllegalArgumentException e) {
      throw new ZondaException(
          "%s: the class file of %s is damaged: %s".formatted(file, name, e.getMessage()), e);
    }
  }

  private static Optional<String> id(MethodModel method) {
    ClassDesc wanted = Kernel.class.describeConstable().orElseThrow();
    return method.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
        .flatMap(attribute -> attribute.annotations().stream())
        .filter(annotation -> annotation.classSymbol().equals(wanted))
        .map(AnnotatedMethod::value)
        .findFirst();
  }

  private static String value(Annotation annotation) {
    return annotation.elements().stream()
        .filter(element -> element.value() instanceof AnnotationValue.OfString)
        .map(element -> ((AnnotationValue.OfString) element.value()).stringValue())
        .findFirst()
        .orElse("");
  }

  private void check(ClassModel type, String place) {
    if (!className.equals(place)) {
      throw new ZondaException(
          "%s: the class %s lies at %s.class; a class lies in the folder of its package"
              .formatted(file, className, place.replace('.', '/')));
    }
    for (String taken : TAKEN) {
      if (className.startsWith(taken)) {
        throw new ZondaException(
            "%s is in a package of %s, whose own classes would be taken; put it into another"
                .formatted(where(), taken.startsWith("java") ? "Java's" : taken + "*"));
      }
    }
    if (!type.flags().has(AccessFlag.PUBLIC) || isNestedPrivate(type)) {
      throw new ZondaException(where() + ": its class is not public");
    }
    if (type.flags().has(AccessFlag.INTERFACE)) {
      throw new ZondaException(where() + " is in an interface; put it into a public class");
    }
    if (!model.flags().has(AccessFlag.PUBLIC) || !model.flags().has(AccessFlag.STATIC)) {
      throw new ZondaException(where() + " is not public static");
    }
    if (!descriptor().endsWith(")V")) {
      throw new ZondaException(where() + " returns something; a kernel is void");
    }
  }

  /** A nested class that is not public may be so for the JVM. */
  private boolean isNestedPrivate(ClassModel type) {
    return type.findAttribute(Attributes.innerClasses()).stream()
        .flatMap(attribute -> attribute.classes().stream())
        .filter(inner -> inner.innerClass().equals(type.thisClass()))
        .anyMatch(inner -> !inner.has(AccessFlag.PUBLIC));
  }

  String descriptor() {
    return model.methodType().stringValue();
  }

  /** The same of any method. */
  static String descriptor(Method method) {
    return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
        .descriptorString();
  }

  boolean is(Method method) {
    return method.getName().equals(model.methodName().stringValue())
        && descriptor(method).equals(descriptor());
  }

  /** File, line, class and method, such as {@code My.java:12: My.matvec}. */
  String where() {
    OptionalInt line = line();
    String simple = className.substring(className.lastIndexOf('.') + 1).replace('$', '.');
    return file
        + (line.isPresent() && UserKernels.isSource(file) ? ":" + line.getAsInt() : "")
        + ": "
        + (UserKernels.isSource(file) ? simple : className)
        + "."
        + model.methodName().stringValue();
  }

  private OptionalInt line() {
    return model.code().stream()
        .flatMap(CodeModel::elementStream)
        .filter(LineNumber.class::isInstance)
        .mapToInt(element -> ((LineNumber) element).line())
        .findFirst();
  }

  /** The parameters as people write them, with their names where the class file has them. */
  String parameters() {
    List<String> texts = new ArrayList<>();
    int slot = 0;
    for (ClassDesc type : model.methodTypeSymbol().parameterList()) {
      texts.add(type.displayName() + name(slot));
      slot += type.descriptorString().equals("J") || type.descriptorString().equals("D") ? 2 : 1;
    }
    return "(" + String.join(", ", texts) + ")";
  }

  private String name(int slot) {
    return model
        .code()
        .flatMap(code -> code.findAttribute(Attributes.localVariableTable()))
        .stream()
        .flatMap(table -> table.localVariables().stream())
        .filter(variable -> variable.slot() == slot && variable.startPc() == 0)
        .map(LocalVariableInfo::name)
        .map(name -> " " + name.stringValue())
        .findFirst()
        .orElse("");
  }
}
