using System;

namespace Atoll.Services.Lib;

/// <summary>Reads what a program is told when that is a list of settings: <c>KEY=VALUE</c>, with spaces between; most values are numbers.</summary>
/// <param name="text">What it is told.</param>
public ref struct ArgumentReader(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _next;

    /// <summary>Whether something was no setting. It ends the reading.</summary>
    public bool IsWrong { get; private set; }

    /// <summary>Reads the next setting.</summary>
    /// <param name="key">What stands before the sign.</param>
    /// <param name="value">The number behind it.</param>
    /// <returns>False: there is none, or it <see cref="IsWrong"/>.</returns>
    public bool TryNext(out ReadOnlySpan<byte> key, out ulong value)
    {
        value = 0;
        bool isSetting = TryNextText(out key, out ReadOnlySpan<byte> text);
        IsWrong |= isSetting && !TryNumber(text, out value);
        key = IsWrong ? default : key;
        return isSetting && !IsWrong;
    }

    /// <summary>Reads the next setting, whatever its value is.</summary>
    /// <param name="key">What stands before the sign.</param>
    /// <param name="value">What stands behind it.</param>
    /// <returns>False: there is none, or it <see cref="IsWrong"/>.</returns>
    public bool TryNextText(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = default;
        value = default;
        while (_next < _text.Length && _text[_next] == ' ')
        {
            _next++;
        }

        int first = _next;
        while (_next < _text.Length && _text[_next] != ' ')
        {
            _next++;
        }

        if (first == _next)
        {
            return false;
        }

        ReadOnlySpan<byte> word = _text.Slice(first, _next - first);
        int sign = 0;
        while (sign < word.Length && word[sign] != '=')
        {
            sign++;
        }

        IsWrong |= sign == 0 || sign == word.Length;
        if (IsWrong)
        {
            return false;
        }

        key = word.Slice(0, sign);
        value = word.Slice(sign + 1, word.Length - sign - 1);
        return true;
    }

    /// <summary>Reads a decimal number of at most nine digits.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> digits, out ulong value)
    {
        const int most = 9;
        value = 0;
        for (int index = 0; index < digits.Length; index++)
        {
            if (digits[index] is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + digits[index] - '0';
        }

        return digits.Length is > 0 and <= most;
    }
}
