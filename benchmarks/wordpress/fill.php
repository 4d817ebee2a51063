<?php
// Installs WordPress and publishes what content.json says: php fill.php WORDPRESS CONTENT ADDRESS
[, $folder, $file, $address] = $argv;
$_SERVER['HTTP_HOST'] = parse_url($address, PHP_URL_HOST) . ':' . parse_url($address, PHP_URL_PORT);
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
define('WP_INSTALLING', true);
require "$folder/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/image.php';
$content = json_decode(file_get_contents($file), true);

wp_install($content['title'], 'admin', 'admin@example.org', true, '', 'not-a-secret');
wp_delete_post(1, true);  // "Hello world!", and with it the sample comment
update_option('permalink_structure', '/%year%/%monthnum%/%day%/%postname%/');
update_option('timezone_string', $content['timezone']);
update_option('blogdescription', $content['tagline']);
update_option('posts_per_page', $content['per_page']);
global $wp_rewrite, $wpdb;
$wp_rewrite->init();
$wp_rewrite->flush_rules(false);

function attachment(string $path): int {
    $upload = wp_upload_bits(basename($path), null, file_get_contents($path));
    $id = wp_insert_attachment(
        ['post_mime_type' => 'image/png', 'post_title' => basename($path), 'post_status' => 'inherit'],
        $upload['file']
    );
    wp_update_attachment_metadata($id, wp_generate_attachment_metadata($id, $upload['file']));
    return $id;
}

$users = $terms = [];
foreach ($content['authors'] as $author) {
    $users[$author['name']] = wp_insert_user([
        'user_login' => $author['login'], 'user_pass' => wp_generate_password(),
        'user_email' => $author['login'] . '@example.org', 'display_name' => $author['name'],
        'user_nicename' => $author['login'], 'description' => $author['description'],
        'role' => 'author',
    ]);
}
foreach ($content['sections'] as $section) {
    $terms[$section] = wp_insert_term($section, 'category')['term_id'];
}
$image = attachment($content['image']);

$told = [];
foreach ($content['articles'] as $article) {
    $body = str_replace('IMAGE_URL', wp_get_attachment_url($image), $article['content']);
    $body = str_replace('IMAGE_ID', (string) $image, $body);
    $id = wp_insert_post(wp_slash([
        'post_title' => $article['headline'], 'post_content' => $body,
        'post_excerpt' => $article['excerpt'], 'post_status' => $article['status'],
        'post_author' => $users[$article['author']], 'post_date' => $article['published'],
        'post_category' => [$terms[$article['section']]], 'tags_input' => $article['tags'],
        'post_name' => $article['slug'], 'comment_status' => 'open',
    ]), true);
    if (is_wp_error($id)) {
        fwrite(STDERR, $article['headline'] . ': ' . $id->get_error_message() . "\n");
        exit(1);
    }
    if ($article['featured']) {
        set_post_thumbnail($id, $image);
    }
    if ($article['sticky']) {
        stick_post($id);
    }
    if ($article['modified']) {
        $wpdb->update($wpdb->posts, [
            'post_modified' => $article['modified'],
            'post_modified_gmt' => get_gmt_from_date($article['modified']),
        ], ['ID' => $id]);
    }
    foreach ($article['comments'] as $comment) {
        wp_insert_comment([
            'comment_post_ID' => $id, 'comment_author' => $comment['author'],
            'comment_content' => $comment['text'], 'comment_approved' => 1,
        ]);
    }
    $told[] = get_permalink($id);
}
wp_insert_post(['post_title' => 'About us', 'post_type' => 'page', 'post_status' => 'publish',
    'post_content' => '<!-- wp:paragraph --><p>Who we are, where we sit and how to reach us.</p><!-- /wp:paragraph -->']);
echo json_encode($told);
