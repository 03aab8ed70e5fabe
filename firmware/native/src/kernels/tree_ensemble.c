/*
 * Sums, minima or maxima of the leaves that one row of features reaches in decision trees, and the class of the greatest score; docs/emlm.md says how trees lie in the weights.
 * Scores are sums of float32 rounded after every addition, in the order of the trees.
 */
#include "kernel.h"
#include "kernels.h"

enum { SUM = 0, AVERAGE = 1, MIN = 2, MAX = 3 };
enum { CODE_NODE_SIZE = 6, KEY_NODE_SIZE = 10, ENTRY_SIZE = 5, GROUP_HEADER_SIZE = 12, MAX_TARGETS = 256, MAX_KEYS = 1 << 16 };

/* What a minimum or maximum begins with: the bits of a NaN, which no weight or sum has. */
static const uint32_t NO_SCORE = 0x7FC00000;

typedef struct parameters {
    int32_t input;
    int32_t output;
    int32_t label; /* -1 for none */
    int32_t features;
    int32_t keys; /* 0 where the input holds codes */
    int32_t trees;
    int32_t groups;
    int32_t targets;
    int32_t scores;
    int32_t aggregate;
    int32_t has_base;
    int32_t is_complement;
} parameters;

/* A group of trees in the weights. */
typedef struct group {
    const uint8_t *roots; /* offsets behind nodes where trees begin */
    const uint8_t *nodes;
    const uint8_t *leaves;
    int32_t node_bytes;
    int32_t leaf_bytes;
} group;

static int32_t node_size(const parameters *p)
{
    return p->keys == 0 ? CODE_NODE_SIZE : KEY_NODE_SIZE;
}

/* What a branch leads to is a node, or a leaf of which all lies among the leaves. */
static void check_end(eml_layer *layer, const parameters *p, const group *g, int32_t offset)
{
    if (offset < g->node_bytes) {
        eml_check(layer, offset >= 0 && offset % node_size(p) == 0);
        return;
    }
    int64_t leaves = (int64_t)g->node_bytes + g->leaf_bytes;
    if (offset >= leaves || offset + g->nodes[offset] * ENTRY_SIZE >= leaves) {
        layer->failed = true;
        return;
    }
    const uint8_t *leaf = g->nodes + offset;
    for (int32_t i = 0; i < leaf[0]; i++)
        eml_check(layer, leaf[1 + i * ENTRY_SIZE] < p->targets);
}

static void check_nodes(eml_layer *layer, const parameters *p, const group *g)
{
    int32_t size = node_size(p);
    eml_check(layer, g->node_bytes % size == 0);
    for (int32_t offset = 0; offset < g->node_bytes && !layer->failed; offset += size) {
        const uint8_t *node = g->nodes + offset;
        int32_t feature = p->keys == 0 ? node[0] : eml_uint16(node);
        eml_check(layer, feature < (p->keys == 0 ? p->features : p->keys));
        for (int32_t child = size - 4; child < size; child += 2) {
            int32_t step = eml_uint16(node + child);
            eml_check(layer, step > 0);
            check_end(layer, p, g, offset + step);
        }
    }
}

/* The group at a position; its numbers have been checked, or are checked against what the caller knows. */
static group read_group(const uint8_t *at)
{
    group g;
    g.roots = at + GROUP_HEADER_SIZE;
    g.nodes = g.roots + (uint32_t)eml_int32(at) * 4;
    g.node_bytes = eml_int32(at + 4);
    g.leaf_bytes = eml_int32(at + 8);
    g.leaves = g.nodes + g.node_bytes;
    return g;
}

/* Checks the group at a position of the weights and gives the position behind it; trees are those that are left. */
static int32_t check_group(eml_layer *layer, const parameters *p, int32_t position, int32_t *trees)
{
    int32_t length = layer->weights_length;
    if (position > length - GROUP_HEADER_SIZE) {
        layer->failed = true;
        return position;
    }
    const uint8_t *at = layer->weights + position;
    int32_t count = eml_int32(at);
    int32_t node_bytes = eml_int32(at + 4);
    int32_t leaf_bytes = eml_int32(at + 8);
    if (count < 1 || count > *trees || node_bytes < 0 || leaf_bytes < 0
        || position + GROUP_HEADER_SIZE + count * (int64_t)4 + node_bytes + leaf_bytes > length) {
        layer->failed = true;
        return position;
    }
    *trees -= count;
    group g = read_group(at);
    for (int32_t tree = 0; tree < count && !layer->failed; tree++)
        check_end(layer, p, &g, eml_int32(g.roots + 4 * tree));
    check_nodes(layer, p, &g);
    return position + GROUP_HEADER_SIZE + 4 * count + node_bytes + leaf_bytes;
}

static void validate(eml_layer *layer)
{
    parameters p;
    memcpy(&p, layer->parameters, sizeof p);
    eml_range(layer, p.keys, 0, MAX_KEYS);
    eml_range(layer, p.features, 1, MAX_KEYS >> 1);
    eml_range(layer, p.trees, 1, MAX_KEYS);
    eml_range(layer, p.groups, 1, p.trees);
    eml_range(layer, p.targets, 1, MAX_TARGETS);
    eml_range(layer, p.scores, p.targets, p.targets == 1 ? 2 : p.targets);
    eml_range(layer, p.aggregate, SUM, MAX);
    eml_range(layer, p.is_complement, 0, 1);
    eml_range(layer, p.has_base, 0, 1);
    if (layer->failed)
        return;
    eml_arena(layer, p.input, p.keys == 0 ? p.features : 4 * p.features);
    eml_arena(layer, p.output, 4 * p.scores);
    if (p.label != -1)
        eml_arena(layer, p.label, 8);
    eml_check(layer, p.targets + p.keys <= layer->lanes);
    int32_t table = (p.label != -1 ? 4 * p.scores : 0) + (p.has_base ? 4 * p.targets : 0);
    int32_t position = table + 4 * p.keys;
    eml_check(layer, position <= layer->weights_length);
    for (; table < position && !layer->failed; table += 4)
        eml_check(layer, (uint32_t)eml_int32(layer->weights + table) >> 1 < (uint32_t)p.features);
    int32_t trees = p.trees;
    for (int32_t i = 0; i < p.groups && !layer->failed; i++)
        position = check_group(layer, &p, position, &trees);
    eml_check(layer, trees == 0);
    eml_weights(layer, position);
    eml_scratch(layer, 4 * (p.targets + p.keys));
}

/* A number that orders float32 values as their values do: -0 and 0 alike, every NaN beyond the infinities. */
static int32_t key_of(int32_t bits, bool missing_is_least)
{
    int32_t magnitude = bits & INT32_MAX;
    if (magnitude > 0x7F800000)
        return missing_is_least ? INT32_MIN : INT32_MAX;
    return bits < 0 ? -magnitude : magnitude;
}

static float float_at(const void *from)
{
    float value;
    memcpy(&value, from, sizeof value);
    return value;
}

/* The leaf that a tree of a group leads to. */
static const uint8_t *leaf_of(const parameters *p, const group *g, const uint8_t *node, const int8_t *codes, const int32_t *keys)
{
    while (node < g->leaves) {
        if (p->keys == 0)
            node += eml_uint16(node + (codes[node[0]] > node[1] ? 4 : 2));
        else
            node += eml_uint16(node + (keys[eml_uint16(node)] > eml_int32(node + 2) ? 8 : 6));
    }
    return node;
}

static void add_leaf(const parameters *p, const uint8_t *leaf, float *sums)
{
    const uint8_t *entry = leaf + 1;
    for (int32_t i = leaf[0]; i > 0; i--, entry += ENTRY_SIZE) {
        float *sum = sums + entry[0];
        float weight = float_at(entry + 1);
        if (p->aggregate < MIN)
            *sum += weight;
        else if (memcmp(sum, &NO_SCORE, sizeof NO_SCORE) == 0 || (p->aggregate == MIN) != (*sum < weight))
            *sum = weight;
    }
}

/* Writes the scores; gives the index of the greatest one, the lowest among equals. */
static int32_t finish(const eml_frame *frame, const parameters *p, const float *sums, const uint8_t *bases)
{
    int8_t *y = frame->arena + p->output;
    int32_t best = 0;
    float greatest = 0;
    for (int32_t i = 0; i < p->targets; i++) {
        float score = memcmp(sums + i, &NO_SCORE, sizeof NO_SCORE) == 0 ? 0 : sums[i];
        if (p->aggregate == AVERAGE)
            score = score / (float)p->trees;
        if (p->has_base)
            score = score + float_at(bases + 4 * i);
        if (score > greatest || i == 0) {
            greatest = score;
            best = i;
        }
        if (score == 0)
            score = 0; /* not -0 */
        memcpy(y + 4 * i, &score, sizeof score);
    }
    if (p->scores == p->targets)
        return best;
    float other = p->is_complement ? 1 - greatest : -greatest;
    memcpy(y, &other, sizeof other);
    memcpy(y + 4, &greatest, sizeof greatest);
    return greatest > other ? 1 : 0;
}

static void run(const eml_frame *frame)
{
    parameters p;
    memcpy(&p, frame->parameters, sizeof p);
    float *sums = frame->scratch;
    int32_t *keys = (int32_t *)(sums + p.targets);
    for (int32_t i = 0; i < p.targets; i++) {
        uint32_t empty = p.aggregate >= MIN ? NO_SCORE : 0;
        memcpy(sums + i, &empty, sizeof empty);
    }
    const int8_t *input = frame->arena + p.input;
    const uint8_t *bases = frame->weights + (p.label < 0 ? 0 : 4 * p.scores);
    const uint8_t *at = bases + (p.has_base ? 4 * p.targets : 0);
    for (int32_t i = 0; i < p.keys; i++, at += 4) {
        int32_t key = eml_int32(at);
        keys[i] = key_of(eml_int32(input + 4 * (key >> 1)), (key & 1) != 0);
    }
    for (int32_t i = 0; i < p.groups; i++) {
        group g = read_group(at);
        for (const uint8_t *root = g.roots; root < g.nodes; root += 4)
            add_leaf(&p, leaf_of(&p, &g, g.nodes + eml_int32(root), input, keys), sums);
        at = g.leaves + g.leaf_bytes;
    }
    int32_t best = finish(frame, &p, sums, bases);
    if (p.label >= 0) {
        int64_t label = eml_int32(frame->weights + 4 * best);
        memcpy(frame->arena + p.label, &label, sizeof label);
    }
}

const eml_kernel eml_tree_ensemble = {EML_PARAMETERS(parameters), validate, run, NULL};
