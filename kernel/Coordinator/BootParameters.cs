using System;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Ipc;

namespace Atoll.Coordinator;

/// <summary>Boot parameters, decoded (docs/serial.md lists them).</summary>
public struct BootParameters
{
    /// <summary>Most instances to start. 0: all.</summary>
    public uint CoresMax;

    /// <summary>Time a core has to become Healthy, milliseconds.</summary>
    public uint StartDeadlineMilliseconds;

    /// <summary>Time that a silent instance has for a turn once it was rung, milliseconds.</summary>
    public uint HangDeadlineMilliseconds;

    /// <summary>What to do at the end.</summary>
    public EndPolicy End;

    /// <summary>MiB that each instance gets for its programs.</summary>
    public uint GrantMebibytes;

    /// <summary>Whether a program has the serial line: then nobody else reads it, and only panics write to it.</summary>
    public bool ConsoleIsPrograms;

    /// <summary>Whether to list private pages.</summary>
    public bool ReportPages;
}

/// <summary>Every outcome of decoding the command line.</summary>
[MustUse]
public enum ParameterResult : byte
{
    /// <summary>All words are understood.</summary>
    Decoded,

    /// <summary>A word has no <c>=</c>.</summary>
    NotAPair,

    /// <summary>No parameter has this name.</summary>
    UnknownName,

    /// <summary>The value is no number, out of range, or no word that the parameter knows.</summary>
    BadValue,
}

/// <summary>Decodes the command line. It is untrusted.</summary>
public static class BootParameterDecoder
{
    /// <summary>Longest time that a parameter may say, milliseconds.</summary>
    public const ulong MillisecondsMax = 600_000;

    private const uint GrantMebibytesMin = 2;
    private const uint GrantMebibytesMax = 65_536;
    private const uint GrantMebibytesDefault = 8;

    /// <summary>Decodes every word, or stops at the first bad one.</summary>
    /// <param name="line">The command line without its terminator.</param>
    /// <param name="parameters">Defaults, overridden by what the line says.</param>
    /// <param name="profile">What only the image's profile knows.</param>
    /// <param name="badWord">The word that was not understood, when the result is not Decoded.</param>
    public static ParameterResult Decode<TProfile>(
        ReadOnlySpan<byte> line, out BootParameters parameters, ref TProfile profile, out ReadOnlySpan<byte> badWord)
        where TProfile : unmanaged, IProfile
    {
        parameters = default;
        parameters.StartDeadlineMilliseconds = Limits.StartDeadlineMilliseconds;
        parameters.HangDeadlineMilliseconds = Limits.HangDeadlineMilliseconds;
        parameters.GrantMebibytes = GrantMebibytesDefault;
        badWord = default;

        int at = 0;
        while (at < line.Length)
        {
            if (line[at] == ' ')
            {
                at++;
                continue;
            }

            int space = Ascii.IndexOf(line.Slice(at, line.Length - at), (byte)' ');
            int length = space < 0 ? line.Length - at : space;
            ReadOnlySpan<byte> word = line.Slice(at, length);
            ParameterResult result = DecodeWord(word, ref parameters, ref profile);
            if (result != ParameterResult.Decoded)
            {
                badWord = word;
                return result;
            }

            at += length;
        }

        return ParameterResult.Decoded;
    }

    private static ParameterResult DecodeWord<TProfile>(ReadOnlySpan<byte> word, ref BootParameters parameters, ref TProfile profile)
        where TProfile : unmanaged, IProfile
    {
        int equals = Ascii.IndexOf(word, (byte)'=');
        if (equals < 0)
        {
            return ParameterResult.NotAPair;
        }

        ReadOnlySpan<byte> name = word.Slice(0, equals);
        ReadOnlySpan<byte> value = word.Slice(equals + 1, word.Length - equals - 1);
        ParameterResult result = DecodeCounts(name, value, ref parameters);
        result = result == ParameterResult.UnknownName ? DecodeChoices(name, value, ref parameters) : result;
        return result == ParameterResult.UnknownName ? profile.Decode(name, value) : result;
    }

    private static ParameterResult DecodeCounts(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref BootParameters parameters)
    {
        if (Ascii.AreEqual(name, "cores"u8))
        {
            return Number(value, 1, Limits.InstanceCountMax, ref parameters.CoresMax);
        }

        if (Ascii.AreEqual(name, "start.deadline"u8))
        {
            return Number(value, 1, MillisecondsMax, ref parameters.StartDeadlineMilliseconds);
        }

        if (Ascii.AreEqual(name, "hang.deadline"u8))
        {
            return Number(value, 1, MillisecondsMax, ref parameters.HangDeadlineMilliseconds);
        }

        return Ascii.AreEqual(name, "grant"u8)
            ? Number(value, GrantMebibytesMin, GrantMebibytesMax, ref parameters.GrantMebibytes)
            : ParameterResult.UnknownName;
    }

    private static ParameterResult DecodeChoices(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref BootParameters parameters)
    {
        if (Ascii.AreEqual(name, "report"u8))
        {
            parameters.ReportPages = Ascii.AreEqual(value, "pages"u8);
            return parameters.ReportPages ? ParameterResult.Decoded : ParameterResult.BadValue;
        }

        if (Ascii.AreEqual(name, "console"u8))
        {
            parameters.ConsoleIsPrograms = Ascii.AreEqual(value, "program"u8);
            return parameters.ConsoleIsPrograms || Ascii.AreEqual(value, "kernel"u8) ? ParameterResult.Decoded : ParameterResult.BadValue;
        }

        return Ascii.AreEqual(name, "end"u8) ? End(value, ref parameters.End) : ParameterResult.UnknownName;
    }

    /// <summary>Takes a number.</summary>
    /// <param name="value">Decimal digits. Untrusted.</param>
    /// <param name="least">Least value.</param>
    /// <param name="most">Most, at most what 32 bits hold.</param>
    /// <param name="target">Where it goes.</param>
    public static ParameterResult Number(ReadOnlySpan<byte> value, ulong least, ulong most, ref uint target)
    {
        if (!Ascii.TryParseDecimal(value, most, out ulong number) || number < least)
        {
            return ParameterResult.BadValue;
        }

        target = (uint)number;
        return ParameterResult.Decoded;
    }

    private static ParameterResult End(ReadOnlySpan<byte> value, ref EndPolicy policy)
    {
        if (Ascii.AreEqual(value, "pass"u8))
        {
            policy = EndPolicy.Pass;
        }
        else if (Ascii.AreEqual(value, "hold"u8))
        {
            policy = EndPolicy.Hold;
        }
        else if (Ascii.AreEqual(value, "never"u8))
        {
            policy = EndPolicy.Never;
        }
        else
        {
            return ParameterResult.BadValue;
        }

        return ParameterResult.Decoded;
    }
}
