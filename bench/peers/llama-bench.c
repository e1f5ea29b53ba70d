/*
 * The part of llama.cpp's llama-bench that bench/peers.sh needs, for installations that have the
 * library and no tools, such as the npm package node-llama-cpp. Same options, same JSON fields.
 *
 *   cc -O2 -I llama.cpp/include -I llama.cpp/ggml/include llama-bench.c -o llama-bench \
 *      LIBS/libllama.so LIBS/libggml.so LIBS/libggml-base.so -Wl,-rpath,LIBS
 *   GGML_BACKENDS=LIBS ./llama-bench -m model.gguf -p 512 -n 32 -t 2 -r 3 -o json
 *
 * The headers must be those of the library's version. GGML_BACKENDS is the folder of the
 * libggml-cpu-*.so, of which ggml takes the one that suits the processor and says so on stderr.
 */
#include <ggml-backend.h>
#include <llama.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

static void log_important(enum ggml_log_level level, const char *text, void *unused) {
  (void)unused;
  if (level == GGML_LOG_LEVEL_WARN || level == GGML_LOG_LEVEL_ERROR || strstr(text, "loaded")) {
    fputs(text, stderr);
  }
}

static void fail(const char *what) {
  fprintf(stderr, "llama-bench: %s\n", what);
  exit(1);
}

/* Appends random tokens to the sequence, so many at once. */
static void run(struct llama_context *context, int count, int at_once) {
  int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(llama_get_model(context)));
  llama_token *tokens = malloc(sizeof(llama_token) * at_once);
  for (int done = 0; done < count; done += at_once) {
    int n = count - done < at_once ? count - done : at_once;
    for (int i = 0; i < n; i++) {
      tokens[i] = rand() % vocabulary;
    }
    if (llama_decode(context, llama_batch_get_one(tokens, n)) != 0) {
      fail("llama_decode failed");
    }
    llama_synchronize(context);
  }
  free(tokens);
}

/* Measures one test after so many tokens and prints its object. */
static void test(struct llama_context *context, int prompt, int generated, int depth, int threads,
                 int repetitions) {
  int tokens = prompt + generated;
  int at_once = generated ? 1 : (int)llama_n_batch(context);
  double sum = 0;
  printf("  {\n    \"build_number\": \"%s\",\n    \"n_threads\": %d,\n", llama_version(), threads);
  printf("    \"n_prompt\": %d,\n    \"n_gen\": %d,\n    \"n_depth\": %d,\n    \"samples_ts\": [",
         prompt, generated, depth);
  for (int i = -1; i < repetitions; i++) { /* -1 is the warm-up */
    llama_memory_clear(llama_get_memory(context), true);
    run(context, depth, (int)llama_n_batch(context));
    double start = seconds();
    run(context, tokens, at_once);
    double speed = tokens / (seconds() - start);
    if (i >= 0) {
      printf("%s %.3f", i == 0 ? "" : ",", speed);
      sum += speed;
    }
  }
  printf(" ],\n    \"avg_ts\": %.3f\n  }", sum / repetitions);
}

int main(int argc, char **argv) {
  const char *file = NULL;
  const char *backends = getenv("GGML_BACKENDS");
  int prompt = 512, generated = 128, threads = 2, repetitions = 5;
  int depths[16] = {0}, depth_count = 1, deepest = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    const char *option = argv[i], *value = argv[i + 1];
    if (!strcmp(option, "-m")) file = value;
    else if (!strcmp(option, "-p")) prompt = atoi(value);
    else if (!strcmp(option, "-n")) generated = atoi(value);
    else if (!strcmp(option, "-t")) threads = atoi(value);
    else if (!strcmp(option, "-r")) repetitions = atoi(value);
    else if (!strcmp(option, "-d")) {
      for (depth_count = 0; depth_count < 16 && *value;) {
        depths[depth_count++] = (int)strtol(value, (char **)&value, 10);
        value += *value == ',';
      }
    }
    else if (strcmp(option, "-o") || strcmp(value, "json")) fail("unknown option");
  }
  if (!file || repetitions < 1) {
    fail("usage: llama-bench -m FILE [-p TOKENS] [-n TOKENS] [-d DEPTH,...] [-t THREADS] [-r TIMES] [-o json]");
  }

  llama_log_set(log_important, NULL);
  if (backends) {
    ggml_backend_load_all_from_path(backends);
  } else {
    ggml_backend_load_all();
  }
  llama_backend_init();
  struct llama_model_params model_params = llama_model_default_params();
  model_params.n_gpu_layers = 0;
  struct llama_model *model = llama_model_load_from_file(file, model_params);
  if (!model) fail("the model cannot be loaded");
  struct llama_context_params context_params = llama_context_default_params();
  for (int i = 0; i < depth_count; i++) {
    if (depths[i] > deepest) deepest = depths[i];
  }
  context_params.n_ctx = deepest + (prompt > generated ? prompt : generated);
  context_params.n_threads = threads;
  context_params.n_threads_batch = threads;
  struct llama_context *context = llama_init_from_model(model, context_params);
  if (!context) fail("no context can be made");

  puts("[");
  for (int i = 0; i < depth_count; i++) {
    if (prompt) test(context, prompt, 0, depths[i], threads, repetitions);
    if (prompt && generated) puts(",");
    if (generated) test(context, 0, generated, depths[i], threads, repetitions);
    if (i + 1 < depth_count) puts(",");
  }
  puts("\n]");
  llama_free(context);
  llama_model_free(model);
  return 0;
}
