using System;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Atoll;

namespace Snippets;

static class Strings
{
    const string Prefix = "pre";

    static string s_empty = "";
    static string? s_none;

    [NoGC, Allocates("ATL2005")] static void Concatenated() => Sink.Text = Given.Text + "x";
    [NoGC, Allocates("ATL2005")] static void ConcatenatedThree() => Sink.Text = Given.Text + "x" + Given.Text;
    [NoGC, Allocates("ATL2005")] static void ConcatenatedNumber() => Sink.Text = "n" + Given.Number;
    [NoGC, Allocates("ATL2005")] static void ConcatenatedChar() => Sink.Text = Given.Text + 'c';
    [NoGC, Allocates("ATL2005")] static void Appended() { string text = Given.Text; text += "x"; Sink.Text = text; }
    [NoGC, Allocates("ATL2005")] static void AppendedNumber() { string text = Given.Text; text += 5; Sink.Text = text; }
    [NoGC, Allocates("ATL2005")] static void NumberAlone() => Sink.Text = "" + Given.Number;
    [NoGC, Allocates("ATL2005")] static void Interpolated() => Sink.Text = $"n {Given.Number}";
    [NoGC, Allocates("ATL2005")] static void InterpolatedText() => Sink.Text = $"{Given.Text}!";
    [NoGC, Allocates("ATL2005")] static void InterpolatedTwo() => Sink.Text = $"{Given.Text}{Given.Text}";
    [NoGC, Allocates("ATL2005")] static void InterpolatedFormat() => Sink.Text = $"{Given.Number:x}";
    [NoGC, Allocates("ATL2005")] static void InterpolatedAlignment() => Sink.Text = $"{Given.Text,20}";
    [NoGC, Allocates("ATL2005")] static void InterpolatedRaw() => Sink.Text = $"""a {Given.Number} b""";
    [NoGC, Allocates("ATL2005")] static void NewString() => Sink.Text = new string('x', 5);
    [NoGC, Allocates("ATL2005")] static void NewStringFromSpan() => Sink.Text = new string(Given.Chars.AsSpan(0, 4));
    [NoGC, Allocates("ATL2005")] static void InCondition() => Sink.Text = Given.Number > 0 ? Given.Text + "x" : null;
    [NoGC, Allocates("ATL2007")] static void Substring() => Sink.Text = Given.Text.Substring(2, 3);
    [NoGC, Allocates("ATL2007")] static void Ranged() => Sink.Text = Given.Text[2..5];
    [NoGC, Allocates("ATL2007")] static void NumberText() => Sink.Text = Given.Number.ToString(CultureInfo.InvariantCulture);
    [NoGC, Allocates("ATL2007")] static void Upper() => Sink.Text = "abc".ToUpperInvariant();
    [NoGC, Allocates("ATL2007")] static void Replaced() => Sink.Text = Given.Text.Replace('x', 'y');
    [NoGC, Allocates("ATL2007")] static void Padded() => Sink.Text = Given.Text.PadLeft(30);
    [NoGC, Allocates("ATL2007")] static void CharText() => Sink.Text = 'é'.ToString();
    [NoGC, Allocates("ATL2007")] static void SpanText() => Sink.Text = Given.Text.AsSpan(1, 4).ToString();
    [NoGC, Allocates("ATL2007")] static void GuidText() => Sink.Text = Guid.Empty.ToString();
    [NoGC, Allocates("ATL2007")] static void Chars() => Sink.Array = Given.Text.ToCharArray();
    [NoGC, Allocates("ATL2007")] static void Encoded() => Sink.Array = Encoding.UTF8.GetBytes(Given.Text);

    [NoGC, Clean] static void Literal() => Sink.Text = "literal";
    [NoGC, Clean] static void Constant() => Sink.Text = Prefix + "x";
    [NoGC, Clean] static void ConstantInterpolation() => Sink.Text = $"{Prefix}x";
    [NoGC, Clean] static void NameOf() => Sink.Text = nameof(Prefix);
    [NoGC, Clean] static void OneHole() => Sink.Text = $"{Given.Text}";
    [NoGC, Clean] static void PlusEmpty() => Sink.Text = Given.Text + "";
    [NoGC, Clean] static void PlusNull() => Sink.Text = Given.Text + null;
    [NoGC, Clean] static void Length() => Sink.Number = Given.Text.Length;
    [NoGC, Clean] static void Character() => Sink.Number = Given.Text[3];
    [NoGC, Clean] static void CharacterFromEnd() => Sink.Number = Given.Text[^1];
    [NoGC, Clean] static void Equal() => Sink.Flag = Given.Text == "abc";
    [NoGC, Clean] static void NotEqual() => Sink.Flag = Given.Text != s_empty;
    [NoGC, Clean] static void EqualsOrdinal() => Sink.Flag = Given.Text.Equals("abc", StringComparison.Ordinal);
    [NoGC, Clean] static void Compared() => Sink.Number = string.CompareOrdinal(Given.Text, "abc");
    [NoGC, Clean] static void Empty() => Sink.Flag = string.IsNullOrEmpty(Given.Text);
    [NoGC, Clean] static void Blank() => Sink.Flag = string.IsNullOrWhiteSpace(Given.Text);
    [NoGC, Clean] static void Starts() => Sink.Flag = Given.Text.StartsWith('x');
    [NoGC, Clean] static void StartsOrdinal() => Sink.Flag = Given.Text.StartsWith("xx", StringComparison.Ordinal);
    [NoGC, Clean] static void IndexOfChar() => Sink.Number = Given.Text.IndexOf('q');
    [NoGC, Clean] static void ContainsChar() => Sink.Flag = Given.Text.Contains('q');
    [NoGC, Clean] static void AsSpan() => Sink.Number = Given.Text.AsSpan(2).Length;
    [NoGC, Clean] static void ToSpan() { ReadOnlySpan<char> span = Given.Text; Sink.Number = span.Length; }
    [NoGC, Clean] static void Utf8() { ReadOnlySpan<byte> text = "text"u8; Sink.Number = text.Length; }
    [NoGC, Clean] static void Foreach() { foreach (char letter in Given.Text) { Sink.Number += letter; } }
    [NoGC, Clean] static void Switched() => Sink.Number = Given.Text switch { "a" => 1, "bb" => 2, "ccc" => 3, "dddd" => 4, "eeeee" => 5, "f" => 6, "g" => 7, _ => 0 };
    [NoGC, Clean] static void SpanSwitched() => Sink.Number = Given.Text.AsSpan() switch { "a" => 1, "bb" => 2, _ => 0 };
    [NoGC, Clean] static void Coalesced() => Sink.Text = s_none ?? Given.Text;
    [NoGC, Clean] static void Hash() => Sink.Number = Given.Text.GetHashCode();
    [NoGC, Clean] static void Parsed() => Sink.Number = int.Parse("12", CultureInfo.InvariantCulture);
    [NoGC, Clean] static void TriedToParse() => Sink.Flag = int.TryParse("12", out Sink.Number);
    [NoGC, Clean] static void Formatted() => Sink.Flag = Given.Number.TryFormat(Given.Chars, out _, default, CultureInfo.InvariantCulture);
    [NoGC, Clean] static void FormattedUtf8() => Sink.Flag = System.Buffers.Text.Utf8Formatter.TryFormat(Given.Number, Given.Bytes, out _);
    [NoGC, Clean] static void ParsedUtf8() => Sink.Flag = System.Buffers.Text.Utf8Parser.TryParse("12"u8, out Sink.Number, out _);
    [NoGC, Clean] static void CharacterClass() => Sink.Flag = char.IsDigit(Given.Text[0]);
    [NoGC, Clean] static void Trimmed() => Sink.Number = Given.Text.AsSpan().Trim().Length;
    [NoGC, Clean] static void SpanEqual() => Sink.Flag = Given.Text.AsSpan().SequenceEqual("abc");
    [NoGC, Clean] static void CopiedOut() => Given.Text.CopyTo(Given.Chars);
    [NoGC, Clean] static void OwnHandler() => Log($"{Given.Number}{Given.Number}");
    [NoGC, Clean] static void OwnHandlerWithText() => Log($"n {Given.Number} m");
    [NoGC, Clean] static void OwnHandlerOff() => LogIf(false, $"n {Given.Number}");

    [NoGC, Allocates("ATL2005")] static void HandlerWithStringHole() => Log($"n {Given.Text + "x"}");

    [NoGC, NotKnown] static void Built() => Given3.Builder.Append('x').Clear();
    [NoGC, NotKnown] static void StringOfObject() => Sink.Text = Given.Gate.ToString();
    [NoGC, Clean] static void FormatWithCulture() => Sink.Flag = Given.Text.StartsWith("xx");

    [NoGC] static void Log(Line line) => Sink.Number = line.Count;

    [NoGC] static void LogIf(bool isOn, [InterpolatedStringHandlerArgument(nameof(isOn))] Gated line) => Sink.Flag = isOn;

    static class Given3
    {
        public static readonly StringBuilder Builder = new();
    }
}

[InterpolatedStringHandler]
ref struct Line
{
    public int Count;

    public Line(int literals, int values) => Count = literals + values;

    public void AppendLiteral(string text) => Count += text.Length;

    public void AppendFormatted(int value) => Count += value;

    public void AppendFormatted(string value) => Count += value.Length;
}

[InterpolatedStringHandler]
ref struct Gated
{
    public Gated(int literals, int values, bool isOn, out bool isWanted) => isWanted = isOn;

    public readonly void AppendLiteral(string text) => Sink.Number++;

    public readonly void AppendFormatted(int value) => Sink.Number += value;
}
