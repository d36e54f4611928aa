using Atoll.Abi;
using Atoll.Protocols.Tests.Sample;

namespace Atoll.Protocols.Tests.Hostile;

/// <summary>Which messages of the sample protocol are good: written by hand after docs/protocols.md, and not with the code under test.</summary>
public static class WireSpec
{
    /// <summary>Fields of a question, by id.</summary>
    public static IReadOnlyDictionary<ulong, string[]> Questions { get; } = new Dictionary<ulong, string[]>
    {
        [1] = [],
        [2] = ["u8", "u16", "u32", "u64", "bool"],
        [3] = ["i8", "i16", "i32", "i64"],
        [4] = ["shade", "sides"],
        [5] = ["bytes", "u32", "bytes"],
        [6] = ["bytes", "room"],
        [7] = ["u64", "room"],
        [9] = ["bytes"],
        [10] = ["u32"],
        [11] = ["u32"],
    };

    /// <summary>Capabilities of a question, by id: all of them, in this order.</summary>
    public static IReadOnlyDictionary<ulong, CapabilityType[]> Brought { get; } = new Dictionary<ulong, CapabilityType[]>
    {
        [10] = [CapabilityType.Untyped, CapabilityType.Endpoint],
    };

    /// <summary>Fields of an answer, by id of the question.</summary>
    public static IReadOnlyDictionary<ulong, string[]> Answers { get; } = new Dictionary<ulong, string[]>
    {
        [1] = [],
        [2] = ["u64"],
        [3] = ["i64"],
        [4] = ["shade", "sides", "bool"],
        [5] = ["u32"],
        [6] = ["i16", "filled", "i8"],
        [7] = ["shade", "filled", "u16"],
        [9] = [],
        [10] = ["u64", "has Frame", "bool", "has Notification"],
        [11] = ["has Endpoint"],
    };

    /// <summary>Whether words are a message with these fields.</summary>
    /// <param name="fields">What each of the first words is; of bytes it is the length, and they follow.</param>
    /// <param name="words">All words there is room for.</param>
    /// <param name="count">How many came.</param>
    /// <param name="most">Most room that may be asked for; of an answer, the room that there is.</param>
    public static bool IsGood(string[] fields, ReadOnlySpan<ulong> words, uint count, uint most)
    {
        if (count > 120 || count < fields.Length)
        {
            return false;
        }

        ulong expected = (ulong)fields.Length;
        for (int index = 0; index < fields.Length; index++)
        {
            if (!HasValue(fields[index], words[index], most))
            {
                return false;
            }

            expected += fields[index] is "bytes" or "filled" ? (words[index] + 7) / 8 : 0;
        }

        return expected == count;
    }

    /// <summary>Whether the capabilities are those of a question.</summary>
    public static bool AreBrought(ulong id, IEnumerable<CapabilityType> carried) => carried.SequenceEqual(Brought.GetValueOrDefault(id, []));

    /// <summary>Whether the capabilities are those that the words of an answer tell of.</summary>
    public static bool AreTold(string[] fields, ReadOnlySpan<ulong> words, IEnumerable<CapabilityType> carried)
    {
        List<CapabilityType> told = [];
        for (int index = 0; index < fields.Length; index++)
        {
            if (fields[index].StartsWith("has ", StringComparison.Ordinal) && words[index] == 1)
            {
                told.Add(Enum.Parse<CapabilityType>(fields[index][4..]));
            }
        }

        return carried.SequenceEqual(told);
    }

    private static bool HasValue(string field, ulong word, uint most)
    {
        var signed = unchecked((long)word);
        return field switch
        {
            "u8" => word <= byte.MaxValue,
            "u16" => word <= ushort.MaxValue,
            "u32" => word <= uint.MaxValue,
            "i8" => signed is >= sbyte.MinValue and <= sbyte.MaxValue,
            "i16" => signed is >= short.MinValue and <= short.MaxValue,
            "i32" => signed is >= int.MinValue and <= int.MaxValue,
            "u64" or "i64" => true,
            "bool" or "has Frame" or "has Notification" or "has Endpoint" => word <= 1,
            "shade" => signed is -2 or 0 or 7,
            "sides" => word is 0 or 1 or 4 or 5,
            "bytes" => word <= 960,
            "room" or "filled" => word <= most,
            _ => throw new ArgumentException($"no field is called '{field}'"),
        };
    }
}
