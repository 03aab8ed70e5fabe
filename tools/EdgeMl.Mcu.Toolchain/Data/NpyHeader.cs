using System.Globalization;

namespace EdgeMl.Mcu.Toolchain.Data;

/// <summary>The dictionary in a .npy file's header: <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (450, 64), }</c>.</summary>
/// <param name="Descriptor">NumPy's type string, such as <c>&lt;f4</c>.</param>
/// <param name="FortranOrder">Whether the first axis varies fastest.</param>
/// <param name="Dimensions">Dimensions, none for a scalar; each 0 or more.</param>
internal sealed record NpyHeader(string Descriptor, bool FortranOrder, int[] Dimensions)
{
    private const int DimensionsMax = 32;

    /// <summary>Parses the text of a header; null and a reason where it is not one.</summary>
    public static NpyHeader? TryParse(string text, out string reason)
    {
        var scanner = new Scanner(text);
        string? descriptor = null;
        bool? fortranOrder = null;
        int[]? dimensions = null;
        reason = "its header is not a dictionary of 'descr', 'fortran_order' and 'shape'";
        if (!scanner.Take('{'))
            return null;
        while (!scanner.Take('}'))
        {
            string? key = scanner.TakeString();
            if (key is null || !scanner.Take(':'))
                return null;
            bool understood = key switch
            {
                "descr" when descriptor is null => (descriptor = scanner.TakeString()) is not null,
                "fortran_order" when fortranOrder is null => (fortranOrder = scanner.TakeBoolean()) is not null,
                "shape" when dimensions is null => (dimensions = scanner.TakeTuple()) is not null,
                _ => false,
            };
            if (!understood)
            {
                reason = key == "descr" && scanner.Peek('[')
                    ? "it holds a structured array; only plain numbers are supported"
                    : $"its header has no usable value at '{Printable(key)}'";
                return null;
            }
            if (!scanner.Take(',') && !scanner.Peek('}'))
                return null;
        }
        if (descriptor is null || fortranOrder is null || dimensions is null || !scanner.AtEnd)
            return null;
        return new NpyHeader(descriptor, fortranOrder.Value, dimensions);
    }

    /// <summary>Text of a file, cut and without control characters, for a message.</summary>
    public static string Printable(string text) =>
        string.Concat(text.Take(20).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    private ref struct Scanner(string text)
    {
        private ReadOnlySpan<char> _rest = text;

        public bool AtEnd => Skip().IsEmpty;

        public bool Peek(char c) => Skip().StartsWith([c]);

        public bool Take(char c)
        {
            if (!Peek(c))
                return false;
            _rest = _rest[1..];
            return true;
        }

        public string? TakeString()
        {
            ReadOnlySpan<char> rest = Skip();
            if (rest.IsEmpty || rest[0] is not ('\'' or '"'))
                return null;
            int end = rest[1..].IndexOf(rest[0]);
            if (end < 0)
                return null;
            _rest = rest[(end + 2)..];
            return rest.Slice(1, end).ToString();
        }

        public bool? TakeBoolean() => TakeWord("True") ? true : TakeWord("False") ? false : null;

        public int[]? TakeTuple()
        {
            if (!Take('('))
                return null;
            var dimensions = new List<int>();
            while (!Take(')'))
            {
                ReadOnlySpan<char> rest = Skip();
                int digits = rest.IndexOfAnyExceptInRange('0', '9');
                if (digits <= 0 || dimensions.Count == DimensionsMax
                    || !int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int dimension))
                {
                    return null;
                }
                dimensions.Add(dimension);
                _rest = rest[digits..];
                // Python 2 wrote long integers as 450L.
                Take('L');
                if (!Take(',') && !Peek(')'))
                    return null;
            }
            return [.. dimensions];
        }

        private bool TakeWord(string word)
        {
            if (!Skip().StartsWith(word))
                return false;
            _rest = _rest[word.Length..];
            return true;
        }

        private ReadOnlySpan<char> Skip() => _rest = _rest.TrimStart(" \n\t\r");
    }
}
