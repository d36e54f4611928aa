using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Atoll.Kernel.Tests.Multikernel;

/// <summary>A sentence that is put together only when what it explains has failed.</summary>
[InterpolatedStringHandler]
internal readonly ref struct FailureText
{
    private readonly StringBuilder? _text;

    /// <summary>Begins.</summary>
    public FailureText(int literalLength, int formattedCount, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        _text = isNeeded ? new StringBuilder(literalLength + (formattedCount * 8)) : null;
    }

    /// <summary>The sentence goes on.</summary>
    public void AppendLiteral(string text) => _text!.Append(text);

    /// <summary>A value in it.</summary>
    public void AppendFormatted<T>(T value, string? format = null) => _text!.Append(string.Format(CultureInfo.InvariantCulture, $"{{0:{format}}}", value));

    /// <inheritdoc/>
    public override string ToString() => $"{_text}";
}
