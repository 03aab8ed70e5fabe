using System.Text;

namespace EdgeMl.Mcu.Toolchain.Emit.CSharp;

/// <summary>Writes the statements of a method and adds up what they cost.</summary>
internal sealed class MethodWriter
{
    private readonly StringBuilder _text = new();
    private int _depth = 2;
    private int _counted;

    /// <summary>IL instructions of all statements so far, each counted once.</summary>
    public int Instructions { get; private set; }

    /// <summary>Bytes of bytecode so far.</summary>
    public int Bytes { get; private set; }

    /// <summary>Local variables so far.</summary>
    public int Locals { get; private set; }

    /// <summary>The statements.</summary>
    public string Text => _text.ToString();

    /// <summary>Declares a local variable.</summary>
    public void Declare(string type, string name, Code value)
    {
        Locals++;
        Statement($"{type} {name} = {value.Text};", value.Instructions + 1, value.Bytes + Code.LocalBytes);
    }

    /// <summary>Sets a local variable.</summary>
    public void Assign(string name, Code value) => Statement($"{name} = {value.Text};", value.Instructions + 1, value.Bytes + Code.LocalBytes);

    /// <summary>Adds to a local variable.</summary>
    public void Increase(string name, int amount) => Assign(name, Code.Local(name) + Code.Int(amount));

    /// <summary>Sets an array element.</summary>
    public void Store(string array, Code index, Code value) => Statement($"{array}[{index.Text}] = {value.Text};", index.Instructions + value.Instructions + 2, index.Bytes + value.Bytes + Code.LocalBytes + 1);

    /// <summary>Writes a statement of a known cost.</summary>
    public void Statement(string text, int instructions, int bytes)
    {
        Line(text);
        Instructions += instructions;
        Bytes += bytes;
    }

    /// <summary>Opens a block after a line of a known cost.</summary>
    public void Open(string header, int instructions = 0, int bytes = 0)
    {
        Statement(header, instructions, bytes);
        Line("{");
        _depth++;
    }

    /// <summary>Closes a block.</summary>
    public void Close()
    {
        _depth--;
        Line("}");
    }

    /// <summary>Opens a block that hardly ever runs: its instructions do not count.</summary>
    public void OpenRarely(string header)
    {
        _counted = Instructions;
        Open(header);
    }

    /// <summary>Closes the block that <see cref="OpenRarely"/> has opened.</summary>
    public void CloseRarely()
    {
        Close();
        Instructions = _counted;
    }

    private void Line(string text) => _text.Append(' ', 4 * _depth).Append(text).Append('\n');
}
