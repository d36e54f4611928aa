using System.IO;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Contracts;

/// <summary>Gives each project the attributes as source, so that nothing has to be referenced when it runs.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class AttributeGenerator : IIncrementalGenerator
{
    internal const string FileName = "Atoll.Attributes.g.cs";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context) =>
        context.RegisterPostInitializationOutput(static output =>
        {
            output.AddEmbeddedAttributeDefinition();
            output.AddSource(FileName, SourceText.From(Resource.Read("Attributes.txt"), Encoding.UTF8));
        });
}

/// <summary>Text files inside this assembly.</summary>
internal static class Resource
{
    public static string Read(string name)
    {
        using Stream stream = typeof(Resource).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"'{name}' is not in {typeof(Resource).Assembly.GetName().Name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
