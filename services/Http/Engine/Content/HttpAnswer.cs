namespace Atoll.Services.Http.Engine;

/// <summary>What content is.</summary>
public enum ContentType : byte
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A page.</summary>
    Html,

    /// <summary>How a page looks.</summary>
    Css,

    /// <summary>What a page does.</summary>
    JavaScript,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>A picture.</summary>
    Svg,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Metrics as Prometheus reads them.</summary>
    Metrics,
}

/// <summary>What an application answers.</summary>
public struct HttpAnswer
{
    /// <summary>The status. Of one from 400 on, the content is a sentence that the server writes.</summary>
    public HttpStatus Status;

    /// <summary>What the content is.</summary>
    public ContentType Type;

    /// <summary>Bytes of the content, which <see cref="IHttpApplication.Fill"/> gives exactly; not with <see cref="IsStreamed"/>.</summary>
    public ulong Length;

    /// <summary>The content ends when the application says so. It has no parts.</summary>
    public bool IsStreamed;

    /// <summary>What the content is, as 64 bits that change with it; 0: nobody knows.</summary>
    public ulong Tag;

    /// <summary>It is true now only: nobody may keep it.</summary>
    public bool IsMomentary;

    /// <summary>Methods that the resource has, told with <see cref="HttpStatus.MethodNotAllowed"/> and to OPTIONS.</summary>
    public HttpMethod Allowed;

    /// <summary>The request's content is wanted, and <see cref="IHttpApplication.End"/> answers after it.</summary>
    public bool IsTaking;

    /// <summary>Most bytes of content that are taken.</summary>
    public ulong ContentBytesMax;

    /// <summary>The application's own: what it answers.</summary>
    public uint Resource;

    /// <summary>The application's own: how far it is.</summary>
    public uint Step;

    /// <summary>The application's own.</summary>
    public ulong Sum;
}
