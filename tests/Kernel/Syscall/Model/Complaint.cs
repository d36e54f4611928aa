using System.Runtime.CompilerServices;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>What a check says when it fails. Nothing is put together while it holds: millions do.</summary>
[InterpolatedStringHandler]
public ref struct Complaint
{
    private DefaultInterpolatedStringHandler _text;

    public Complaint(int literalLength, int formattedCount, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        _text = holds ? default : new DefaultInterpolatedStringHandler(literalLength, formattedCount);
    }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string format) => _text.AppendFormatted(value, format);

    /// <summary>The sentence.</summary>
    public string Take() => _text.ToStringAndClear();
}
