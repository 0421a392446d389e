// Loads a GGUF by a prebuilt libllama and prints what that engine makes of given token ids:
// the logits of the next token, or a greedy continuation. Proves that a file we wrote is one that others can read.
//   gcc -O2 -o peer_logits peer_logits.c -ldl
//   LD_LIBRARY_PATH=LIBRARIES ./peer_logits LIBRARIES MODEL.gguf 1,2,3 [GREEDY_STEPS]
// Without steps: one line "id logit" per token of the vocabulary. With steps: the ids, comma-separated.
// Parameter structs are passed by value and differ between releases: they are taken as blocks of bytes that the library
// fills with its defaults. n_ctx, n_batch, n_ubatch stand at the start of the context's block in every release so far.
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <glob.h>

typedef struct { char bytes[512]; } Parameters;
typedef struct { int32_t count; int32_t *tokens; float *embeddings; int32_t *positions; int32_t *sequence_counts; int32_t **sequences; int8_t *outputs; } Batch;

enum { LongestText = 4096 };

static void silent(int level, const char *text, void *data) {
    (void)data;
    if (level >= 3 && getenv("PEER_VERBOSE")) fputs(text, stderr);
}

static void *load(const char *folder, const char *pattern) {
    char path[1024];
    glob_t found;
    snprintf(path, sizeof path, "%s/%s", folder, pattern);
    if (glob(path, 0, NULL, &found) || !found.gl_pathc) { fprintf(stderr, "no %s\n", path); exit(2); }
    void *library = dlopen(found.gl_pathv[0], RTLD_NOW | RTLD_GLOBAL);
    if (!library) { fprintf(stderr, "%s\n", dlerror()); exit(2); }
    return library;
}

static void *find(void *library, const char *name) {
    void *symbol = dlsym(library, name);
    if (!symbol) { fprintf(stderr, "no %s\n", name); exit(2); }
    return symbol;
}

int main(int count, char **arguments) {
    if (count < 4) { fprintf(stderr, "peer_logits LIBRARIES MODEL IDS [GREEDY_STEPS]\n"); return 2; }
    int32_t tokens[LongestText], positions[LongestText], sequence_counts[LongestText], zero = 0, *sequences[LongestText], length = 0;
    int8_t outputs[LongestText] = {0};
    for (char *id = strtok(arguments[3], ","); id && length < LongestText; id = strtok(NULL, ",")) tokens[length++] = atoi(id);
    int steps = count > 4 ? atoi(arguments[4]) : 0;

    load(arguments[1], "libggml-base*.so");
    void *ggml = load(arguments[1], "libggml.*so");
    void *llama = load(arguments[1], "libllama.*so");
    ((void (*)(void *, void *))find(llama, "llama_log_set"))(silent, NULL);
    ((void (*)(const char *))find(ggml, "ggml_backend_load_all_from_path"))(arguments[1]);

    Parameters model_parameters = ((Parameters (*)(void))find(llama, "llama_model_default_params"))();
    Parameters context_parameters = ((Parameters (*)(void))find(llama, "llama_context_default_params"))();
    void *model = ((void *(*)(const char *, Parameters))find(llama, "llama_model_load_from_file"))(arguments[2], model_parameters);
    if (!model) { fprintf(stderr, "the peer does not load %s (PEER_VERBOSE=1 says why)\n", arguments[2]); return 1; }
    int32_t *sizes = (int32_t *)context_parameters.bytes;
    sizes[0] = sizes[1] = sizes[2] = length + steps < 256 ? 256 : length + steps;
    void *context = ((void *(*)(void *, Parameters))find(llama, "llama_init_from_model"))(model, context_parameters);
    if (!context) { fprintf(stderr, "the peer makes no context (PEER_VERBOSE=1 says why)\n"); return 1; }
    // One thread: the library's threads spin while they wait, which takes minutes on a busy machine.
    ((void (*)(void *, int32_t, int32_t))find(llama, "llama_set_n_threads"))(context, 1, 1);
    int vocabulary = ((int (*)(void *))find(llama, "llama_vocab_n_tokens"))(((void *(*)(void *))find(llama, "llama_model_get_vocab"))(model));
    int (*decode)(void *, Batch) = find(llama, "llama_decode");
    float *(*logits_of)(void *, int32_t) = find(llama, "llama_get_logits_ith");

    for (int i = 0; i < LongestText; i++) { sequence_counts[i] = 1; sequences[i] = &zero; positions[i] = i; }
    outputs[length - 1] = 1;
    int done = 0;
    for (int step = 0; ; step++) {
        Batch batch = { length - done, tokens + done, NULL, positions + done, sequence_counts, sequences, outputs + done };
        if (decode(context, batch)) { fprintf(stderr, "the peer's decode failed\n"); return 1; }
        float *logits = logits_of(context, -1);
        if (!steps) { for (int id = 0; id < vocabulary; id++) printf("%d %.9g\n", id, logits[id]); return 0; }
        int best = 0;
        for (int id = 1; id < vocabulary; id++) if (logits[id] > logits[best]) best = id;
        printf("%s%d", step ? "," : "", best);
        if (step + 1 >= steps || length >= LongestText) break;
        done = length;
        tokens[length] = best;
        outputs[length++] = 1;
    }
    puts("");
    return 0;
}
