package org.zonda.tornado.simulator;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import jdk.internal.vm.Continuation;
import jdk.internal.vm.ContinuationScope;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;

/** Runs kernels on the host's arrays, without checks, until the real engine takes over. */
public final class Interim {
  private static final ContinuationScope SCOPE = new ContinuationScope("group");
  private static List<Object> locals;
  private static int next;

  private Interim() {}

  public static void barrier() {
    int at = next;
    Continuation.yield(SCOPE);
    next = at;
  }

  @SuppressWarnings("unchecked")
  public static <T> T local(int size, IntFunction<T> make) {
    if (next == locals.size()) {
      locals.add(make.apply(size));
    }
    return (T) locals.get(next++);
  }

  static void launch(Graph.Task task, WorkerGrid grid) {
    Method apply = null;
    for (Method m : task.code().getClass().getMethods()) {
      if (m.getName().equals("apply")) {
        apply = m;
      }
    }
    Method code = apply;
    code.setAccessible(true);
    long[] g = grid.getGlobalWork();
    long[] l = grid.getLocalWork() == null ? new long[] {1, 1, 1} : grid.getLocalWork();
    for (int z = 0; z < g[2] / l[2]; z++) {
      for (int y = 0; y < g[1] / l[1]; y++) {
        for (int x = 0; x < g[0] / l[0]; x++) {
          locals = new ArrayList<>();
          List<Continuation> items = new ArrayList<>();
          for (int c = 0; c < l[2]; c++) {
            for (int b = 0; b < l[1]; b++) {
              for (int a = 0; a < l[0]; a++) {
                Object[] arguments = task.arguments().toArray();
                if (arguments[0] instanceof KernelContext) {
                  KernelContext context = new KernelContext();
                  set(context, "local", a, b, c);
                  set(context, "group", x, y, z);
                  set(
                      context,
                      "global",
                      x * (int) l[0] + a,
                      y * (int) l[1] + b,
                      z * (int) l[2] + c);
                  size(context, "global", g);
                  size(context, "local", l);
                  arguments[0] = context;
                }
                items.add(
                    new Continuation(
                        SCOPE,
                        () -> {
                          next = 0;
                          try {
                            code.invoke(task.code(), arguments);
                          } catch (ReflectiveOperationException e) {
                            throw new IllegalStateException(e.getCause());
                          }
                        }));
              }
            }
          }
          boolean again = true;
          while (again) {
            again = false;
            for (Continuation item : items) {
              if (!item.isDone()) {
                item.run();
                again |= !item.isDone();
              }
            }
          }
        }
      }
    }
  }

  private static void set(KernelContext context, String what, int x, int y, int z) {
    put(context, what + "Idx", x);
    put(context, what + "Idy", y);
    put(context, what + "Idz", z);
  }

  private static void size(KernelContext context, String what, long[] sizes) {
    put(context, what + "GroupSizeX", (int) sizes[0]);
    put(context, what + "GroupSizeY", (int) sizes[1]);
    put(context, what + "GroupSizeZ", (int) sizes[2]);
  }

  private static void put(KernelContext context, String name, int value) {
    try {
      Field field = KernelContext.class.getField(name);
      field.setAccessible(true);
      field.set(context, value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
