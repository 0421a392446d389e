using System.Globalization;
using Brickwork.Cli.Terminal;
using Brickwork.Training.Plans;

namespace Brickwork.Cli.Routing;

/// <summary>A route as the user writes it: <c>KIND[:KEY=VALUE,…]</c>.</summary>
sealed class RouteText
{
    readonly string _text;
    readonly Dictionary<string, string> _settings;

    RouteText(string text, string kind, Dictionary<string, string> settings) => (_text, Kind, _settings) = (text, kind, settings);

    public string Kind { get; }

    /// <exception cref="UsageException">A setting has no value, stands there twice, or is not closed.</exception>
    public static RouteText Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var route = new RouteText(text, colon < 0 ? text : text[..colon], new(StringComparer.Ordinal));
        foreach (var setting in colon < 0 ? [] : SettingLine.Cut(text[(colon + 1)..]) ?? throw route.NoSetting(text[(colon + 1)..]))
            route = setting.Split('=', 2) is [{ Length: > 0 } key, var value] ? route.With(key, value) : throw route.NoSetting(setting);
        return route;
    }

    /// <summary>The same with one more setting.</summary>
    /// <exception cref="UsageException">It stands there already.</exception>
    public RouteText With(string key, string value) => _settings.ContainsKey(key) ? throw NoSetting($"{key}={value}") : new(_text, Kind, new(_settings) { [key] = value });

    /// <summary>A setting that must be there.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public string Take(string key, string example) => TryTake(key) ?? throw new UsageException($"--route {_text} lacks {key}.", $"Write for example --route {Kind}:{key}={example}");

    /// <summary>A setting; null where the user gave none.</summary>
    public string? TryTake(string key) => _settings.Remove(key, out var value) ? value : null;

    /// <summary>Names joined by a plus sign.</summary>
    public string[] TakeList(string key) => TryTake(key)?.Split('+', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>How scores become weights.</summary>
    /// <exception cref="UsageException">A number is none.</exception>
    public RouteRule TakeRule(int? top, RouteShares shares = RouteShares.Softmax)
    {
        var rule = new RouteRule { TopK = top, Shares = shares };
        if (TryTake("top") is { } count)
            rule = rule with { TopK = count == "all" ? null : int.TryParse(count, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("top", count, "a whole number, or all") };
        if (TryTake("temperature") is { } heat)
            rule = rule with { Shares = RouteShares.Softmax, Temperature = float.TryParse(heat, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("temperature", heat, "a number") };
        return rule;
    }

    UsageException NoSetting(string found) => new($"'{found}' in --route {_text} is no setting; expected KEY=VALUE, each key once.",
        "Write for example --route arrow:top=2,temperature=0.5; a value that holds commas stands between quotation marks: --route 'fuse:file=\"a,b.brick\"'");

    public UsageException Wrong(string key, string found, string expected) =>
        new($"{key} is '{found}' in --route {_text}; expected {expected}.", "See the routes: brick ask --help, and docs/routing.md");

    /// <exception cref="UsageException">A setting is left that nobody asked for.</exception>
    public void CheckNothingIsLeft()
    {
        if (_settings.Keys.FirstOrDefault() is { } unknown)
            throw new UsageException($"--route {Kind} has no setting '{unknown}'.", "See the settings of every route in docs/routing.md");
    }
}
