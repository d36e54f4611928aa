using System;

namespace Atoll.Services.Http.Engine;

/// <summary>Methods, as a set. Source: RFC 9110, "Methods"; RFC 5789.</summary>
[Flags]
public enum HttpMethod
{
    /// <summary>None that is known.</summary>
    None = 0,

    /// <summary>Asks for a representation.</summary>
    Get = 1,

    /// <summary>The same without the content.</summary>
    Head = 2,

    /// <summary>Hands content over.</summary>
    Post = 4,

    /// <summary>Sets what is there.</summary>
    Put = 8,

    /// <summary>Takes it away.</summary>
    Delete = 16,

    /// <summary>Asks what is possible.</summary>
    Options = 32,

    /// <summary>Changes a part.</summary>
    Patch = 64,

    /// <summary>Asks for the request itself.</summary>
    Trace = 128,
}

/// <summary>Names of methods.</summary>
internal static class HttpMethods
{
    private const int Count = 8;

    /// <summary>Reads a method's name, in which case matters.</summary>
    public static HttpMethod Parse(ReadOnlySpan<byte> name)
    {
        for (int bit = 0; bit < Count; bit++)
        {
            if (Ascii.AreEqual(name, NameOf(bit)))
            {
                return (HttpMethod)(1 << bit);
            }
        }

        return HttpMethod.None;
    }

    /// <summary>Adds the names of a set, with commas.</summary>
    public static void Write(ref ByteWriter to, HttpMethod methods)
    {
        bool hasBegun = false;
        for (int bit = 0; bit < Count; bit++)
        {
            if (((int)methods & (1 << bit)) != 0)
            {
                to.Add(hasBegun ? ", "u8 : default);
                to.Add(NameOf(bit));
                hasBegun = true;
            }
        }
    }

    private static ReadOnlySpan<byte> NameOf(int bit) => bit switch
    {
        0 => "GET"u8,
        1 => "HEAD"u8,
        2 => "POST"u8,
        3 => "PUT"u8,
        4 => "DELETE"u8,
        5 => "OPTIONS"u8,
        6 => "PATCH"u8,
        _ => "TRACE"u8,
    };
}
