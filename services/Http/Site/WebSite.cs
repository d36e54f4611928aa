using System;
using Atoll.Services.Http.Engine;

namespace Atoll.Services.Http;

/// <summary>What Atoll serves: a page that shows the machine, the same as JSON and as metrics, and two resources to measure with.</summary>
/// <remarks>Nobody can change anything here: whoever reaches the port may read all of it.</remarks>
/// <param name="machine">Who knows how the machine is.</param>
public struct WebSite<TMachine>(TMachine machine) : IHttpApplication
    where TMachine : struct, IMachine
{
    /// <summary>Bytes of /data.</summary>
    public const ulong DataBytes = 1ul << 30;

    /// <summary>Most bytes that /sum takes.</summary>
    public const ulong SumBytesMax = 4 * DataBytes;

    private TMachine _machine = machine;

    /// <inheritdoc/>
    public readonly void Begin(in HttpRequest request, ref HttpAnswer answer)
    {
        Route route = request.IsServerWide ? Route.None : Routes.Find(request.Path);
        answer.Allowed = Routes.MethodsOf(route);
        answer.Resource = (uint)route;
        if (route == Route.None && !request.IsServerWide)
        {
            answer.Status = HttpStatus.NotFound;
        }
        else if (request.Method == HttpMethod.Options)
        {
            answer.Status = HttpStatus.NoContent;
        }
        else if ((request.Method & answer.Allowed) == 0)
        {
            answer.Status = HttpStatus.MethodNotAllowed;
        }
        else
        {
            Answer(route, ref answer);
        }
    }

    /// <inheritdoc/>
    public readonly void Take(ref HttpAnswer answer, ReadOnlySpan<byte> content)
    {
        answer.Length += (ulong)content.Length;
        for (int index = 0; index < content.Length; index++)
        {
            answer.Sum += content[index];
        }
    }

    /// <inheritdoc/>
    public readonly void End(ref HttpAnswer answer) => answer.IsStreamed = true;

    /// <inheritdoc/>
    public int Fill(ref HttpAnswer answer, in HttpCounters counters, ulong offset, Span<byte> to, out bool isLast)
    {
        Route route = (Route)answer.Resource;
        isLast = false;
        switch (route)
        {
            case Route.Metrics:
                return Metrics.Fill(ref _machine, ref answer, counters, to, out isLast);
            case Route.Instances:
                return InstanceJson.Fill(ref _machine, ref answer, counters, to, out isLast);
            case Route.Data:
                return FillData(offset, to);
            case Route.Sum:
                isLast = true;
                return FillSum(answer, to);
            default:
                Routes.FileOf(route).Slice((int)offset, to.Length).CopyTo(to);
                return to.Length;
        }
    }

    /// <inheritdoc/>
    public readonly void AddFields(in HttpAnswer answer, ref ByteWriter to)
    {
        // All that the page needs is here, and nobody may put it into a page of theirs.
        to.Add("Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "u8);
        to.Add("base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"u8);
        to.Add("X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\n"u8);
    }

    private static void Answer(Route route, ref HttpAnswer answer)
    {
        answer.Status = HttpStatus.Ok;
        answer.Type = Routes.TypeOf(route);
        answer.Tag = Routes.TagOf(route);
        answer.IsStreamed = route is Route.Metrics or Route.Instances;
        answer.IsMomentary = answer.IsStreamed || route == Route.Sum;
        answer.Length = route == Route.Data ? DataBytes : (ulong)Routes.FileOf(route).Length;
        answer.IsTaking = route == Route.Sum;
        answer.ContentBytesMax = SumBytesMax;
    }

    // The lowest byte of the number of each byte's group of 256, so that a part in the wrong place is seen.
    private static int FillData(ulong offset, Span<byte> to)
    {
        for (int index = 0; index < to.Length; index++)
        {
            ulong place = offset + (ulong)index;
            to[index] = (byte)(place + (place >> 8));
        }

        return to.Length;
    }

    private static int FillSum(in HttpAnswer answer, Span<byte> to)
    {
        ByteWriter writer = new(to);
        writer.Add("{\"bytes\":"u8);
        writer.Add(answer.Length);
        JsonText.Add(ref writer, "sum"u8, answer.Sum);
        writer.Add("}\n"u8);
        return writer.Length;
    }
}
