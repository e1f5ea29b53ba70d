package org.zonda.bench.lab;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TornadoFunctions;

/**
 * Kernels that are known only at run time, as tasks of graphs. TornadoVM and the simulator find a
 * kernel's method by what the compiler makes of a method reference, so a class with such a
 * reference is made here.
 */
public final class KernelTask {

  private static final String TASK = TornadoFunctions.class.getName() + "$Task";
  private static final String BINDING = "org.zonda.bench.lab.Binding";

  private KernelTask() {}

  /**
   * The reference to a kernel.
   *
   * @param kernel a public static method of a public class, with 1 to 20 parameters
   * @return a {@code TornadoFunctions.TaskN}
   */
  public static Object of(Method kernel) {
    ClassDesc type = ClassDesc.of(TASK + kernel.getParameterCount());
    Loader loader = new Loader(kernel.getDeclaringClass().getClassLoader());
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(BINDING),
                builder ->
                    builder
                        .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                        .withMethodBody(
                            "task",
                            MethodTypeDesc.of(type),
                            ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                            code -> code.invokedynamic(reference(kernel, type)).areturn()));
    try {
      return loader.define(bytes).getMethod("task").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no reference to " + kernel + " can be made", e);
    }
  }

  /** The reference to a kernel of Zonda's. */
  static Object of(Class<?> type, String name) {
    return of(method(type, name));
  }

  /** The public method of a name, of which a class of kernels has one. */
  static Method method(Class<?> type, String name) {
    return Stream.of(type.getMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(type + " has no method " + name));
  }

  private static DynamicCallSiteDesc reference(Method kernel, ClassDesc type) {
    DirectMethodHandleDesc factory =
        MethodHandleDesc.ofMethod(
            DirectMethodHandleDesc.Kind.STATIC,
            describe(LambdaMetafactory.class),
            "altMetafactory",
            MethodTypeDesc.of(
                ConstantDescs.CD_CallSite,
                ConstantDescs.CD_MethodHandles_Lookup,
                ConstantDescs.CD_String,
                ConstantDescs.CD_MethodType,
                ConstantDescs.CD_Object.arrayType()));
    MethodTypeDesc own =
        MethodType.methodType(kernel.getReturnType(), kernel.getParameterTypes())
            .describeConstable()
            .orElseThrow();
    MethodTypeDesc erased =
        MethodTypeDesc.of(
            ConstantDescs.CD_void,
            Collections.nCopies(kernel.getParameterCount(), ConstantDescs.CD_Object));
    MethodTypeDesc boxed =
        MethodType.methodType(void.class, kernel.getParameterTypes())
            .wrap()
            .changeReturnType(void.class)
            .describeConstable()
            .orElseThrow();
    return DynamicCallSiteDesc.of(
        factory,
        "apply",
        MethodTypeDesc.of(type),
        erased,
        MethodHandleDesc.ofMethod(
            DirectMethodHandleDesc.Kind.STATIC,
            describe(kernel.getDeclaringClass()),
            kernel.getName(),
            own),
        boxed,
        LambdaMetafactory.FLAG_SERIALIZABLE);
  }

  private static ClassDesc describe(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  /**
   * Adds a kernel to a graph, whatever its number of parameters.
   *
   * @param graph the graph
   * @param name the task's name in it
   * @param task a {@code TornadoFunctions.TaskN}
   * @param arguments the kernel's, numbers boxed
   */
  public static void add(TaskGraph graph, String name, Object task, Object... arguments) {
    try {
      Class<?> type = Class.forName(TASK + arguments.length);
      Class<?>[] types =
          Stream.concat(
                  Stream.of(String.class, type),
                  Collections.nCopies(arguments.length, Object.class).stream())
              .toArray(Class<?>[]::new);
      Object[] values =
          Stream.concat(Stream.of(name, task), Stream.of(arguments)).toArray(Object[]::new);
      TaskGraph.class.getMethod("task", types).invoke(graph, values);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "a task graph takes no kernel of " + arguments.length + " parameters", e);
    }
  }

  /** Defines the class that has the reference. */
  private static final class Loader extends ClassLoader {
    Loader(ClassLoader parent) {
      super(parent);
    }

    /** The simulator and TornadoVM read the kernel's class file by way of this loader. */
    @Override
    public InputStream getResourceAsStream(String name) {
      ClassLoader parent = getParent();
      return parent == null
          ? ClassLoader.getSystemResourceAsStream(name)
          : parent.getResourceAsStream(name);
    }

    Class<?> define(byte[] bytes) {
      return defineClass(BINDING, bytes, 0, bytes.length);
    }
  }
}
