using System;

namespace Atoll.Services.Protocols;

/// <summary>What people call the answers of services.</summary>
public static class AnswerNames
{
    /// <summary>The name of an answer about names.</summary>
    public static ReadOnlySpan<byte> Of(NamesAnswer answer) => answer switch
    {
        NamesAnswer.Done => "done"u8,
        NamesAnswer.Unknown => "unknown"u8,
        NamesAnswer.NotRegistered => "not-registered"u8,
        NamesAnswer.ServerGone => "server-gone"u8,
        NamesAnswer.Taken => "taken"u8,
        NamesAnswer.NotAllowed => "not-allowed"u8,
        _ => "endpoint-unusable"u8,
    };

    /// <summary>The name of an answer about memory.</summary>
    public static ReadOnlySpan<byte> Of(MemoryAnswer answer) => answer switch
    {
        MemoryAnswer.Done => "done"u8,
        MemoryAnswer.NoQuota => "no-quota"u8,
        MemoryAnswer.QuotaSpent => "quota-spent"u8,
        MemoryAnswer.TooManyPieces => "too-many-pieces"u8,
        MemoryAnswer.SizeInvalid => "size-invalid"u8,
        _ => "unknown"u8,
    };

    /// <summary>The name of an answer about time.</summary>
    public static ReadOnlySpan<byte> Of(ClockAnswer answer) => answer switch
    {
        ClockAnswer.Done => "done"u8,
        ClockAnswer.PeriodInvalid => "period-invalid"u8,
        ClockAnswer.Full => "full"u8,
        ClockAnswer.Unknown => "unknown"u8,
        _ => "signal-unusable"u8,
    };
}
