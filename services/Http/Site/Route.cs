using System;
using Atoll.Services.Http.Engine;
using Atoll.Services.Lib;

namespace Atoll.Services.Http;

/// <summary>What the site has.</summary>
internal enum Route : uint
{
    /// <summary>Nothing of that name.</summary>
    None,

    /// <summary>The page.</summary>
    Page,

    /// <summary>How it looks.</summary>
    Style,

    /// <summary>What it does.</summary>
    Script,

    /// <summary>Its picture.</summary>
    Icon,

    /// <summary>Metrics.</summary>
    Metrics,

    /// <summary>Instances and programs.</summary>
    Instances,

    /// <summary>A GiB whose bytes anyone can foretell, for measuring.</summary>
    Data,

    /// <summary>Adds up what is sent, for measuring.</summary>
    Sum,
}

/// <summary>Finds what a path means, and what a file is.</summary>
internal static class Routes
{
    internal static Route Find(ReadOnlySpan<byte> path)
    {
        Route found = Route.None;
        for (Route candidate = Route.Page; candidate <= Route.Sum; candidate++)
        {
            found = Text.AreEqual(path, PathOf(candidate)) ? candidate : found;
        }

        return found;
    }

    internal static HttpMethod MethodsOf(Route route) =>
        HttpMethod.Options | (route == Route.Sum ? HttpMethod.Post : HttpMethod.Get | HttpMethod.Head);

    internal static ContentType TypeOf(Route route) => route switch
    {
        Route.Page => ContentType.Html,
        Route.Style => ContentType.Css,
        Route.Script => ContentType.JavaScript,
        Route.Icon => ContentType.Svg,
        Route.Metrics => ContentType.Metrics,
        Route.Instances or Route.Sum => ContentType.Json,
        Route.Data => ContentType.Bytes,
        Route.None => ContentType.Text,
        _ => ContentType.Text,
    };

    /// <summary>A file of the program; empty: the route is none.</summary>
    internal static ReadOnlySpan<byte> FileOf(Route route) => route switch
    {
        Route.Page => ProgramFiles.PageHtml,
        Route.Style => ProgramFiles.PageCss,
        Route.Script => ProgramFiles.PageJs,
        Route.Icon => ProgramFiles.IconSvg,
        _ => default,
    };

    internal static ulong TagOf(Route route) => route switch
    {
        Route.Page => ProgramFiles.PageHtmlTag,
        Route.Style => ProgramFiles.PageCssTag,
        Route.Script => ProgramFiles.PageJsTag,
        Route.Icon => ProgramFiles.IconSvgTag,
        _ => 0,
    };

    private static ReadOnlySpan<byte> PathOf(Route route) => route switch
    {
        Route.Page => "/"u8,
        Route.Style => "/page.css"u8,
        Route.Script => "/page.js"u8,
        Route.Icon => "/icon.svg"u8,
        Route.Metrics => "/metrics"u8,
        Route.Instances => "/api/instances"u8,
        Route.Data => "/data"u8,
        Route.Sum => "/sum"u8,
        _ => default,
    };
}
